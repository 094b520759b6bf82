package io.millrace.local.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Map;

/** For tests that start programs: what their supervisor needs, and not every system has. */
public final class NeedsSupervisor {
    private NeedsSupervisor() {}

    public static void assume() {
        ProgramSearch search = new ProgramSearch(Map.of("PATH", "/usr/bin:/bin:/usr/local/bin"), Path.of("/"));
        assumeTrue(search.look("setsid").isPresent(), "needs the command 'setsid'");
    }
}
