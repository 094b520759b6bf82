package io.millrace.workdir;

import io.millrace.workdir.FileView.Kind;
import io.millrace.workdir.WorkingDirectory.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The executor's half of the table: the working directory and the files of one node, by the executor's own rules of
 * what a path means, and with everything that is wrong about them.
 */
public final class ExecutorRules {
    private final NodeLocation node;
    private final JobFacts job;
    private final ExecutorFacts executor;
    private final PathSyntax syntax;
    private final boolean isLocal;
    private final List<Finding> findings = new ArrayList<>();

    private ExecutorRules(NodeLocation node, JobFacts job, ExecutorFacts executor) {
        this.node = node;
        this.job = job;
        this.executor = executor;
        this.syntax = executor.syntax();
        this.isLocal = job.isLocal(node);
    }

    /**
     * Applies the table to a node whose paths are expanded. Any thread; asks the executor's {@link FileView}, and so
     * blocks if that does.
     */
    public static Resolution resolve(NodeLocation node, JobFacts job, ExecutorFacts executor) {
        return new ExecutorRules(node, job, executor).resolve();
    }

    private Resolution resolve() {
        Row row = node.workingDirectoryRow(isLocal, syntax::isAbsolute);
        Optional<WorkingDirectory> named = WorkingDirectory.of(node, row, isLocal);
        Optional<String> directory = named.map(this::path);
        boolean isUsable = named.isPresent() && check(row, named.get(), directory.orElseThrow());
        TargetLocator locator = new TargetLocator(node, job, executor, directory, findings);
        List<LocatedTarget> targets =
                node.nodeTargets().stream().map(locator::locate).toList();
        boolean create = isUsable && executor.kind(directory.orElseThrow()) == Kind.MISSING;
        Optional<String> possible =
                directory.filter(path -> executor.files().refusal(path).isEmpty());
        return new Resolution(isLocal, row, possible, create, targets, findings);
    }

    private String path(WorkingDirectory named) {
        String origin = switch (named.origin()) {
            case FLOW_DIR -> job.flowDir();
            case EXECUTOR_BASE -> executor.baseDirectory();
            case EXECUTOR_HOME -> executor.home();
            case FRESH -> syntax.resolve(executor.baseDirectory(), FreshDirectory.name(job.job(), node.nodeId()));
        };
        return syntax.resolve(origin, named.written().orElse("."));
    }

    private boolean check(Row row, WorkingDirectory named, String directory) {
        if (named.origin() == Origin.EXECUTOR_HOME) {
            String home = "the home directory '" + directory + "' of the executor's user";
            findings.add(Wording.home(node, executor.inWords(), home, executor.requireWorkingDir()));
        }
        String fault = fault(named, directory);
        if (!fault.isEmpty()) {
            findings.add(Finding.aboutNode(
                    Finding.Severity.ERROR,
                    "node '" + node.nodeId() + "': the working directory resolved to '" + directory + "' by the rule '"
                            + row + "' on " + executor.inWords() + ", " + fault));
        }
        return fault.isEmpty();
    }

    /** What is wrong with a working directory; empty if it is there, or will be made. */
    private String fault(WorkingDirectory named, String directory) {
        boolean needsFlowDir = named.origin() == Origin.FLOW_DIR
                && !named.written().map(syntax::isAbsolute).orElse(false);
        if (needsFlowDir && !job.isFlowDirOn(executor)) {
            return "which does not have the dataflow file's directory '" + job.flowDir()
                    + "': make it available there, or write local: false and a working_dir";
        }
        if (!syntax.isAbsolute(directory)) {
            return "which has no current directory to complete it: write an absolute working_dir";
        }
        String refusal = executor.files().refusal(directory);
        if (!refusal.isEmpty()) {
            return refusal;
        }
        return switch (executor.kind(directory)) {
            case DIRECTORY -> "";
            case FILE -> "where that is a file, not a directory: remove the file, or choose another working_dir";
            case MISSING ->
                named.isCreated()
                        ? obstacle(directory)
                        : "where there is no such directory: give the node a working_dir";
        };
    }

    /** What keeps a directory that is missing from being made: the nearest that is there above it. */
    private String obstacle(String directory) {
        String above = syntax.parent(directory);
        Kind kind = executor.kind(above);
        while (kind == Kind.MISSING && !above.equals(syntax.parent(above))) {
            above = syntax.parent(above);
            kind = executor.kind(above);
        }
        if (kind == Kind.FILE) {
            return "where it cannot be made, for '" + above
                    + "' is a file, not a directory: remove the file, or choose another working_dir";
        }
        if (kind == Kind.DIRECTORY && !executor.files().isWritable(above)) {
            return "where it cannot be made, for '" + above
                    + "' is not writable: make the directory beforehand, or choose another working_dir";
        }
        return "";
    }
}
