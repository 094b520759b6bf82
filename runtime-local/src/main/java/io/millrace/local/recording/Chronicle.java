package io.millrace.local.recording;

import java.util.ArrayList;
import java.util.List;

/** Whether Chronicle Queue can work in this JVM, found out without loading any of it. Any thread. */
final class Chronicle {
    private static final String QUEUE = "net.openhft.chronicle.queue.ChronicleQueue";
    /** The part that reaches into the JDK. */
    private static final String CORE = "net.openhft.chronicle.core.Jvm";

    private static final List<String> OPENED = List.of("java.lang.reflect", "sun.nio.ch");

    private Chronicle() {}

    /**
     * Makes sure that it is there and may work, and that it neither calls home nor watches disks on a thread of its own.
     *
     * @throws IllegalStateException saying which library or which flags of the JVM are missing
     */
    static void prepare() {
        find(QUEUE);
        List<String> missing = missingFlags(Object.class.getModule(), find(CORE).getModule());
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "recording needs Chronicle Queue, which needs flags that this JVM was started without: add "
                            + String.join(" ", missing) + " to the command line of java");
        }
        setUnlessSet("chronicle.analytics.disable");
        setUnlessSet("chronicle.announcer.disable");
        setUnlessSet("chronicle.disk.monitor.disable");
    }

    private static Class<?> find(String name) {
        try {
            return Class.forName(name, false, Chronicle.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalStateException(
                    "recording needs Chronicle Queue, which is not at hand: there is no class " + name
                            + "; add net.openhft:chronicle-queue to the application, as the guide on recording shows",
                    e);
        }
    }

    /** The flags that let {@code user} reach what it needs of {@code base}. */
    static List<String> missingFlags(Module base, Module user) {
        String target = user.isNamed() ? user.getName() : "ALL-UNNAMED";
        List<String> missing = new ArrayList<>();
        for (String opened : OPENED) {
            if (!base.isOpen(opened, user)) {
                missing.add("--add-opens=java.base/" + opened + "=" + target);
            }
        }
        return missing;
    }

    private static void setUnlessSet(String property) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, "true");
        }
    }
}
