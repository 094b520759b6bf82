package io.millrace;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a dataflow file is read and checked: immutable, made by a builder, printed in full. */
public final class LoadOptions {
    /** All defaults. */
    public static final LoadOptions DEFAULT = builder().build();

    private final Map<String, String> environment;
    private final boolean checkPaths;
    private final boolean requireWorkingDir;
    private final boolean strictTypes;
    private final boolean forCluster;
    private final @Nullable Path directory;

    private LoadOptions(Builder builder) {
        environment = Map.copyOf(builder.environment);
        checkPaths = builder.checkPaths;
        requireWorkingDir = builder.requireWorkingDir;
        strictTypes = builder.strictTypes;
        forCluster = builder.forCluster;
        directory = builder.directory;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** What {@code $VAR} in a file stands for: the process's environment unless said. */
    public Map<String, String> environment() {
        return environment;
    }

    /** Whether the files that local nodes name must exist: true unless said. */
    public boolean checkPaths() {
        return checkPaths;
    }

    /** Whether a node that is not local must have a {@code working_dir}: false unless said. */
    public boolean requireWorkingDir() {
        return requireWorkingDir;
    }

    /** Whether a difference between declared types is an error even if the file does not ask for it: false unless said. */
    public boolean strictTypes() {
        return strictTypes;
    }

    /**
     * Whether the dataflow is meant for a cluster: then nothing is known here of a node that does not say whether it is {@code local}. Its executor checks its paths, whose
     * variables are the executor's own if it turns out not to have the files of this client. False unless said: such a node is taken for one of this JVM.
     */
    public boolean forCluster() {
        return forCluster;
    }

    /** The flow dir, where it is not the file's own directory. */
    public Optional<Path> directory() {
        return Optional.ofNullable(directory);
    }

    @Override
    public String toString() {
        // Names only: an environment holds secrets.
        return "LoadOptions[environment=" + environment.size() + " variables, checkPaths=" + checkPaths
                + ", requireWorkingDir=" + requireWorkingDir + ", strictTypes=" + strictTypes + ", forCluster="
                + forCluster + ", directory=" + directory + "]";
    }

    /** Not safe to share between threads. */
    public static final class Builder {
        private Map<String, String> environment = System.getenv();
        private boolean checkPaths = true;
        private boolean requireWorkingDir;
        private boolean strictTypes;
        private boolean forCluster;
        private @Nullable Path directory;

        private Builder() {}

        public Builder environment(Map<String, String> variables) {
            environment = Objects.requireNonNull(variables, "environment");
            return this;
        }

        public Builder checkPaths(boolean check) {
            checkPaths = check;
            return this;
        }

        public Builder requireWorkingDir(boolean require) {
            requireWorkingDir = require;
            return this;
        }

        public Builder strictTypes(boolean strict) {
            strictTypes = strict;
            return this;
        }

        public Builder forCluster(boolean cluster) {
            forCluster = cluster;
            return this;
        }

        public Builder directory(Path flowDir) {
            directory = Objects.requireNonNull(flowDir, "directory");
            return this;
        }

        public LoadOptions build() {
            return new LoadOptions(this);
        }
    }
}
