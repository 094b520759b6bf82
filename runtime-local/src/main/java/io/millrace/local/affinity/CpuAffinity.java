package io.millrace.local.affinity;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Pins threads to cores where that is possible: on Linux, with JNA at hand. Any thread. */
public final class CpuAffinity {
    private CpuAffinity() {}

    /** Why no thread can be pinned here, as the end of a sentence; empty if it can be tried. */
    public static Optional<String> obstacle() {
        String system = System.getProperty("os.name", "");
        if (!system.toLowerCase(Locale.ROOT).startsWith("linux")) {
            return Optional.of("threads are pinned on Linux only, and this is " + system);
        }
        try {
            LinuxAffinity.load();
            return Optional.empty();
        } catch (LinkageError e) {
            return Optional.of("JNA is not at hand or does not load (" + e
                    + "): add net.java.dev.jna:jna to the application, and allow it native access");
        }
    }

    /**
     * Pins the calling thread, until it ends.
     *
     * @param cores at least one
     * @return why the system has refused; empty if the thread is pinned
     */
    public static Optional<String> pin(List<Integer> cores) {
        try {
            return LinuxAffinity.pin(cores);
        } catch (LinkageError e) {
            return Optional.of("JNA is not at hand or does not load (" + e + ")");
        }
    }
}
