package io.millrace.local.dora;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who may register: nodes of dora 1.x, whatever their minor version. The texts are what a refused node fails with. */
public final class Registration {
    /** The answer to any other request that is a connection's first. */
    public static final String REGISTER_FIRST = "must send register message first";

    /** What to say of a node that {@link #isOlderDora}; it cannot read an answer, so this is for our own log. */
    public static final String OLDER_DORA = "it was built for a dora before 1.0, whose protocol is another one: "
            + "build it against dora-node-api 1.x, or install dora-rs 1.x (Python 3.11 or later)";

    private static final Pattern SUPPORTED = Pattern.compile("1\\.\\d{1,9}\\.\\d{1,9}([-+].*)?", Pattern.DOTALL);
    // bincode: the number of the request in 4 bytes, then the length of a UUID in 8.
    private static final int BINCODE_REGISTER = 0;
    private static final long BINCODE_UUID_LENGTH = 16;
    private static final int BINCODE_BYTES = Integer.BYTES + Long.BYTES;

    private Registration() {}

    /** Why this node cannot be served; empty if it can. */
    public static Optional<String> refusal(Request.Register register) {
        if (!SUPPORTED.matcher(register.doraVersion()).matches()) {
            return Optional.of("node '" + register.nodeId() + "' was built with dora " + register.doraVersion()
                    + ", expected a dora of version 1.x");
        }
        if (register.metadataVersion() != Metadata.VERSION) {
            return Optional.of("node '" + register.nodeId() + "' (dora " + register.doraVersion()
                    + ") sends metadata of version " + register.metadataVersion() + ", expected version "
                    + Metadata.VERSION + ", as dora 1.0 and 1.1 have it");
        }
        return Optional.empty();
    }

    /** Whether a connection's first frame is the registration of a dora before 1.0, which speaks bincode. */
    public static boolean isOlderDora(ByteBuffer firstBody) {
        if (firstBody.remaining() < BINCODE_BYTES) {
            return false;
        }
        ByteBuffer body = firstBody.slice().order(ByteOrder.LITTLE_ENDIAN);
        return body.getInt(0) == BINCODE_REGISTER && body.getLong(Integer.BYTES) == BINCODE_UUID_LENGTH;
    }
}
