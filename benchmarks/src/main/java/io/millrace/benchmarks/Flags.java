package io.millrace.benchmarks;

/** Flags of the JVMs that measure, and what they change. */
public final class Flags {
    /** Lets Agrona's ring work. JVMs that JMH forks do not get what the manifest of a jar says. */
    public static final String EXPORT = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED";

    /** The form of a {@code backpressure} edge with {@link #EXPORT}. */
    public static final String AGRONA_FORM = "one-to-one ring (Agrona)";

    /** Its form without. */
    public static final String OWN_FORM = "one-to-one ring";

    private Flags() {}
}
