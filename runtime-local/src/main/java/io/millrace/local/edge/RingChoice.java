package io.millrace.local.edge;

import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Which ring carries {@code backpressure} edges. */
public enum RingChoice {
    /** Agrona's where this JVM lets it work, else ours. */
    AUTOMATIC,
    /** Agrona's one-to-one ring, which needs {@code jdk.internal.misc} to be exported to it. */
    AGRONA,
    /** Ours, which needs nothing. */
    OWN;

    /**
     * Whether Agrona's buffers work in this JVM: {@code jdk.internal.misc} of {@code java.base} is exported to the module that Agrona is in, and memory is
     * little-endian, as our reader expects. Initialises no class of Agrona.
     */
    public static boolean isAgronaAvailable() {
        Module agrona = RingBufferDescriptor.class.getModule();
        return Object.class.getModule().isExported("jdk.internal.misc", agrona)
                && java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN;
    }
}
