package io.millrace.remote;

import java.nio.file.Path;

/** As {@link SpreadDataflows}, on executors that share memory. */
abstract class SharedDataflows extends SpreadDataflows {
    @Override
    ExecutorConfig.Builder configured(ExecutorConfig.Builder executor, Path directory) {
        return executor.sharedMemory(directory.resolve("memory"));
    }
}
