package io.millrace.local.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Small programs to start. */
final class Programs {
    static final long DEADLINE_SECONDS = 60;

    private Programs() {}

    static ChildCommand sh(Path directory, String line) {
        return new ChildCommand(List.of("/bin/sh", "-c", line), Map.of("PATH", System.getenv("PATH")), directory);
    }

    static ChildExit end(Child child) throws Exception {
        return child.onExit().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether a process of that number runs: one that has ended and was not yet taken note of does not. */
    static boolean isRunning(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (java.io.IOException gone) {
            return false;
        }
    }
}
