package io.millrace.workdir;

import java.util.Optional;

/**
 * A working directory as the table names it, before anybody knows the executor's directories: the written
 * {@code working_dir} seen from {@code origin}, or {@code origin} itself where none was written.
 */
public record WorkingDirectory(Origin origin, Optional<String> written) {
    public enum Origin {
        FLOW_DIR("the dataflow file's directory"),
        EXECUTOR_BASE("the executor's base directory"),
        EXECUTOR_HOME("the home directory of the executor's user"),
        FRESH("a fresh directory below the executor's base directory");

        private final String text;

        Origin(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Empty where the row gives none. */
    static Optional<WorkingDirectory> of(NodeLocation node, Row row, boolean isLocal) {
        if (row == Row.NOT_A_PATH) {
            return Optional.empty();
        }
        if (node.workingDir().isPresent()) {
            Origin origin = isLocal ? Origin.FLOW_DIR : Origin.EXECUTOR_BASE;
            return Optional.of(new WorkingDirectory(origin, node.workingDir()));
        }
        return switch (row) {
            case LOCAL_RELATIVE, LOCAL_ABSOLUTE -> itself(Origin.FLOW_DIR);
            case NOT_LOCAL_ABSOLUTE -> itself(Origin.EXECUTOR_HOME);
            case SHIPPED, CLASS_WITHOUT_CLASSPATH -> itself(Origin.FRESH);
            default -> Optional.empty();
        };
    }

    private static Optional<WorkingDirectory> itself(Origin origin) {
        return Optional.of(new WorkingDirectory(origin, Optional.empty()));
    }

    /** Whether it is made when it is missing: only what was written, or is fresh by its nature. */
    boolean isCreated() {
        return written.isPresent() || origin == Origin.FRESH;
    }

    /** The directory in words that are true on the client: {@code 'maps', seen from the executor's base directory}. */
    @Override
    public String toString() {
        if (written.isEmpty()) {
            return origin.toString();
        }
        String quoted = "'" + written.get() + "'";
        return PathSyntax.isAbsoluteSomewhere(written.get()) ? quoted : quoted + ", seen from " + origin;
    }
}
