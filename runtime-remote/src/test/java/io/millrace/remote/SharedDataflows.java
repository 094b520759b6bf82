package io.millrace.remote;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** As {@link SpreadDataflows}, on executors that share memory. */
abstract class SharedDataflows extends SpreadDataflows {
    @BeforeAll
    static void begin(@TempDir Path directory) throws Exception {
        cluster = new QuickCluster(directory, 1);
        for (String machine : new String[] {"a", "b"}) {
            cluster.join(machine, config -> config.sharedMemory(directory.resolve("memory")));
        }
    }
}
