package io.millrace.local.isolated;

import io.millrace.layout.HybridClock;
import io.millrace.local.dora.ClockId;
import io.millrace.local.dora.Timestamp;
import io.millrace.node.Clock;

/** What both ends agree on beyond dora's protocol. */
final class Protocol {
    /** Of the extension messages that are ours. */
    static final String NAMESPACE = "millrace";

    /** What we say in Register: dora's version whose protocol this is, and that of its metadata. */
    static final String DORA_VERSION = "1.1.0";

    static final int METADATA_VERSION = 2;

    /** The most bytes of the first frame of a connection, from somebody not known yet. */
    static final int MAX_REGISTER_BYTES = 16 * 1024;

    private Protocol() {}

    /** Requests carry a time that nobody here looks at: one is enough. */
    static Timestamp timestamp() {
        return new Timestamp(new HybridClock(Clock.system()).next(), ClockId.random());
    }
}
