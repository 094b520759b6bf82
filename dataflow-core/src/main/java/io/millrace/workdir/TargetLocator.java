package io.millrace.workdir;

import io.millrace.workdir.LocatedTarget.LocatedFile;
import io.millrace.workdir.LocatedTarget.Readiness;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the files of one node's targets on one executor, once its working directory is known. */
final class TargetLocator {
    private final NodeLocation node;
    private final JobFacts job;
    private final ExecutorFacts executor;
    private final PathSyntax syntax;
    private final Optional<String> workingDirectory;
    private final List<Finding> findings;

    /** Adds what is wrong to {@code findings}. */
    TargetLocator(
            NodeLocation node,
            JobFacts job,
            ExecutorFacts executor,
            Optional<String> workingDirectory,
            List<Finding> findings) {
        this.node = node;
        this.job = job;
        this.executor = executor;
        this.syntax = executor.syntax();
        this.workingDirectory = workingDirectory;
        this.findings = findings;
    }

    LocatedTarget locate(NodeTarget of) {
        Target target = of.target();
        if (target instanceof Target.Dynamic) {
            return new LocatedTarget(target, Readiness.AWAITED, List.of());
        }
        for (String url : target.urls()) {
            findings.add(Finding.error(
                    of,
                    of.inWords() + ": " + target.key() + " '" + url
                            + "' is a URL, recognised but not supported yet: download it and write its path"));
        }
        if (target instanceof Target.Shell && !executor.allowShell()) {
            return refuse(
                    of,
                    of.inWords() + " runs a shell, which is not allowed on " + executor.inWords()
                            + ": allow it there (an executor: --allow-shell or ExecutorConfig.allowShell; one process:"
                            + " DORA_ALLOW_SHELL_NODES=true), or write the path of a program");
        }
        List<LocatedFile> files = new ArrayList<>();
        if (target instanceof Target.Command command) {
            files.add(command(of, command));
        }
        target.paths().forEach(path -> files.add(path(of, path)));
        boolean complete = target.urls().isEmpty()
                && files.stream().allMatch(file -> file.found().isPresent());
        return new LocatedTarget(target, complete ? Readiness.READY : Readiness.REFUSED, files);
    }

    private LocatedTarget refuse(NodeTarget of, String text) {
        findings.add(Finding.error(of, text));
        return new LocatedTarget(of.target(), Readiness.REFUSED, List.of());
    }

    private LocatedFile path(NodeTarget of, String path) {
        Row row = node.pathRow(job.isLocal(node), syntax.isAbsolute(path));
        Optional<String> resolved = resolve(row, path);
        if (resolved.isEmpty()) {
            String text = row == Row.SHIPPED ? notSent(of, path) : relative(of, path);
            findings.add(Finding.error(of, text));
            return new LocatedFile(path, row, List.of(), Optional.empty());
        }
        FileSearch search = FileSearch.of(of, path, row, resolved.get(), List.of(executor.operatingSystem()));
        Optional<String> found = search.find(executor.files());
        if (found.isEmpty()) {
            String text = search.notFound(executor.inWords(), executor.files());
            boolean missesFlowDir = job.isLocal(node) && !job.isFlowDirOn(executor);
            findings.add(Finding.error(of, missesFlowDir ? text + "; " + noFlowDir() : text));
        }
        return new LocatedFile(path, row, search.candidates(), found);
    }

    private Optional<String> resolve(Row row, String path) {
        if (row == Row.SHIPPED) {
            return job.shippedCopies()
                    .copyOf(node.nodeId(), path)
                    .filter(copy -> executor.kind(copy) != FileView.Kind.MISSING);
        }
        if (row == Row.NOT_LOCAL_RELATIVE) {
            return Optional.empty();
        }
        // An absolute path has no use for the base: there may be no working directory when a sibling is at fault.
        return Optional.of(syntax.resolve(workingDirectory.orElse(path), path));
    }

    private String notSent(NodeTarget of, String path) {
        return of.inWords() + ": " + of.target().key() + " '" + path
                + "' is to be shipped, but no copy of it is on " + executor.inWords()
                + ": start the dataflow again from the client that has it";
    }

    private String relative(NodeTarget of, String path) {
        StringBuilder text = new StringBuilder(Wording.relativePath(of, executor.inWords(), path));
        if (PathSyntax.isAbsoluteSomewhere(path)) {
            text.append("; it is absolute only on systems of another kind");
        }
        if (node.local().isEmpty()) {
            text.append("; it is not local, for ").append(job.isFlowDirOn(executor) ? noFlowFile() : noFlowDir());
        }
        return text.toString();
    }

    private String noFlowDir() {
        return executor.inWords() + " does not have the dataflow file's directory '" + job.flowDir() + "'";
    }

    private String noFlowFile() {
        return executor.inWords() + " does not have the client's dataflow file in '" + job.flowDir() + "'";
    }

    private LocatedFile command(NodeTarget of, Target.Command command) {
        List<String> directories = new ArrayList<>();
        workingDirectory.ifPresent(directories::add);
        executor.searchPath().virtualEnvBin().ifPresent(directories::add);
        directories.addAll(executor.searchPath().entries());
        List<String> tried = directories.stream()
                .map(directory -> syntax.resolve(workingDirectory.orElse(directory), directory))
                .flatMap(directory -> command.fileNames(command.name(), executor.operatingSystem()).stream()
                        .map(name -> syntax.resolve(directory, name)))
                .distinct()
                .toList();
        Optional<String> found = tried.stream()
                .filter(candidate -> executor.kind(candidate) == FileView.Kind.FILE)
                .findFirst();
        String refusal = executor.files().refusal(command.name());
        if (!refusal.isEmpty()) {
            findings.add(Finding.error(
                    of,
                    of.inWords() + ": command '" + command.name() + "' is looked for on " + executor.inWords() + ", "
                            + refusal));
        } else if (found.isEmpty()) {
            String own =
                    workingDirectory.map(directory -> "'" + directory + "'").orElse("unknown");
            findings.add(Finding.error(
                    of,
                    of.inWords() + ": command '" + command.name() + "', looked for by the rule '"
                            + Row.BARE_COMMAND + "' on " + executor.inWords()
                            + ", is in none of: the working directory "
                            + own + ", " + executor.searchPath().inWords() + ": install it, or write its path"));
        }
        return new LocatedFile(command.name(), Row.BARE_COMMAND, tried, found);
    }
}
