package io.millrace.local.plan;

import io.millrace.files.MachineFiles;
import io.millrace.files.MachineVariables;
import io.millrace.files.NodeLocations;
import io.millrace.files.UserDirectory;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.Problem;
import io.millrace.local.part.PartFiles;
import io.millrace.local.process.ProgramSearch;
import io.millrace.workdir.ClientFacts;
import io.millrace.workdir.ClientRules;
import io.millrace.workdir.ExecutorFacts;
import io.millrace.workdir.ExecutorRules;
import io.millrace.workdir.Finding;
import io.millrace.workdir.JobFacts;
import io.millrace.workdir.LocatedTarget;
import io.millrace.workdir.Resolution;
import io.millrace.workdir.SearchPath;
import io.millrace.workdir.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the files of a dataflow's nodes are: the working-directory rules, applied to this machine by the process that is client and executor in one, or by an executor whose
 * client is elsewhere.
 *
 * <p>A directory that has to be made is made when its node asks for it. A fresh one is taken away at the end if nothing is in it; one that the file names stays, for other parts
 * and dataflows may run in it. Any thread.
 */
public final class NodeFiles {
    private static final Logger LOG = LoggerFactory.getLogger(NodeFiles.class);

    private static final String THIS_MACHINE = "this machine";

    private static final int ATTEMPTS = 100;

    /** As in dora: only who runs the dataflow can allow shell lines, not its file. */
    private static final String ALLOW_SHELL = "DORA_ALLOW_SHELL_NODES";

    private final Graph graph;
    private final Path base;
    private final @Nullable ExecutorFacts given; // null where this process is client and executor in one
    private @Nullable JobFacts job; // guarded by this; made when it is asked for
    private final Set<Path> written = ConcurrentHashMap.newKeySet(); // working directories that the file names
    private final Deque<Path> made = new ArrayDeque<>(); // guarded by this; the deepest first

    /**
     * A node's files.
     *
     * @param place gives its working directory, which may still have to be made
     * @param classpath the entries found
     * @param programs what is not a class: programs, scripts, libraries; each found, unless a problem says why not
     */
    record Found(Supplier<Path> place, List<Path> classpath, List<LocatedTarget> programs, List<Problem> problems) {
        Path directory() {
            return place.get();
        }
    }

    /** Of a dataflow whose client is this process. */
    NodeFiles(Graph graph) {
        this.graph = graph;
        this.base = UserDirectory.path();
        this.given = null;
    }

    /** Of a part, whose client may be elsewhere. */
    NodeFiles(Graph graph, PartFiles files) {
        this.graph = graph;
        this.base = Path.of(files.executor().baseDirectory());
        this.given = files.executor();
        this.job = files.job();
    }

    private synchronized JobFacts job() {
        if (job == null) {
            job = new JobFacts(
                    graph.name() + "-" + UUID.randomUUID(), graph.directory().toString(), true, this::clientsFile);
        }
        return job;
    }

    /** What a node has shipped is here already, where its client has it. */
    private Optional<String> clientsFile(String nodeId, String written) {
        ClientFacts client = new ClientFacts(
                ClientFacts.Situation.OWN_JVM,
                MachineFiles.operatingSystem(),
                graph.directory().toString(),
                false);
        GraphNode node = ownVariables().expand(graph.node(nodeId), true);
        return ClientRules.check(NodeLocations.of(node), client).required().stream()
                .filter(search -> search.written().equals(written))
                .flatMap(search -> search.find(MachineFiles.view()).stream())
                .findFirst();
    }

    /** Commands are looked for as the node's own program would look: its variables may name another PATH or virtual environment. */
    private ExecutorFacts executor(GraphNode node) {
        if (given != null && node.env().isEmpty()) {
            return given;
        }
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(node.env());
        SearchPath searchPath = new ProgramSearch(environment, graph.directory()).searchPath();
        if (given != null) {
            return new ExecutorFacts(
                    given.machine(),
                    given.operatingSystem(),
                    given.baseDirectory(),
                    given.home(),
                    searchPath,
                    given.requireWorkingDir(),
                    given.allowShell(),
                    given.files());
        }
        return new ExecutorFacts(
                THIS_MACHINE,
                MachineFiles.operatingSystem(),
                base.toString(),
                Path.of(System.getProperty("user.home")).toAbsolutePath().toString(),
                searchPath,
                false,
                Boolean.parseBoolean(System.getenv(ALLOW_SHELL)),
                MachineFiles.view());
    }

    /** Where the file names none, its working directory is found out when the node asks for it. */
    Found find(GraphNode node) {
        return NodeLocations.namesFiles(node)
                ? locate(node)
                : new Found(() -> locate(node).directory(), List.of(), List.of(), List.of());
    }

    private Found locate(GraphNode node) {
        MachineVariables variables = ownVariables();
        GraphNode expanded = given == null ? variables.expand(node, true) : node; // a part's nodes are expanded
        Resolution resolution = ExecutorRules.resolve(NodeLocations.of(expanded), job(), executor(node));
        List<Problem> problems = new ArrayList<>(variables.problems());
        for (Finding finding : resolution.findings()) {
            Problem problem = NodeLocations.problem(node, finding);
            if (!variables.isConsequence(problem)) {
                problems.add(problem);
            }
        }
        List<Path> classpath = new ArrayList<>();
        List<LocatedTarget> programs = new ArrayList<>();
        for (LocatedTarget target : resolution.targets()) {
            if (!(target.target() instanceof Target.JavaClass)) {
                programs.add(target);
                continue;
            }
            for (LocatedTarget.LocatedFile file : target.files()) {
                file.found().map(Path::of).ifPresent(classpath::add);
            }
        }
        Path directory = Path.of(resolution.workingDirectory().orElse(job().flowDir()));
        if (node.deployment().workingDir().isPresent()) {
            written.add(directory);
        }
        return new Found(() -> directory, classpath, programs, problems);
    }

    /** Where client and executor are one process, its variables are the executor's, too. */
    private static MachineVariables ownVariables() {
        return new MachineVariables(THIS_MACHINE, System.getenv());
    }

    /** The directory, made if it was not there. Blocks on the file system. */
    public synchronized Path directory(Path directory) {
        try {
            boolean isFresh = !written.contains(directory);
            for (int attempt = 1; !make(directory, isFresh); attempt++) {
                if (attempt == ATTEMPTS) {
                    throw new NoSuchFileException(directory.toString(), null, "what is above it comes and goes");
                }
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "dataflow '" + graph.name() + "': working directory '" + directory + "' cannot be made: "
                            + reason(e),
                    e);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof FileAlreadyExistsException found) {
            return "'" + found.getFile()
                    + "' is there and is not a directory: remove it, or choose another working_dir";
        }
        if (e instanceof AccessDeniedException denied) {
            return "'" + denied.getFile() + "' may not be made by this user: make it beforehand, or choose another"
                    + " working_dir";
        }
        return String.valueOf(e.getMessage());
    }

    /** False if another dataflow has taken the directory, or one above, away at the same time. */
    private boolean make(Path directory, boolean isFresh) throws IOException {
        boolean isShared = given == null && directory.equals(base);
        if (!isShared && Files.isDirectory(directory)) {
            return true;
        }
        Path parent = directory.getParent();
        if (parent != null && !make(parent, isFresh)) {
            return false;
        }
        try {
            if (isShared) {
                UserDirectory.make();
                return true;
            }
            Files.createDirectory(directory);
            if (isFresh) {
                made.addFirst(directory);
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (FileAlreadyExistsException e) {
            return isStillThere(directory, e);
        }
    }

    private static boolean isStillThere(Path directory, FileAlreadyExistsException found) throws IOException {
        try {
            BasicFileAttributes now =
                    Files.readAttributes(directory, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (now.isDirectory() || now.isSymbolicLink() && Files.isDirectory(directory)) {
                return true;
            }
            throw found;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Takes away the fresh directories that were made and are empty. Blocks on the file system. */
    synchronized void close() {
        if (given == null && !made.isEmpty() && made.stream().anyMatch(directory -> directory.startsWith(base))) {
            made.addLast(base); // all dataflows share it, and the last one takes it away
        }
        for (Path directory = made.pollFirst(); directory != null; directory = made.pollFirst()) {
            try {
                Files.deleteIfExists(directory);
            } catch (DirectoryNotEmptyException somebodysFiles) {
                LOG.debug("working directory '{}' is kept, for it is not empty", directory);
            } catch (IOException e) {
                LOG.warn("working directory '{}' could not be taken away", directory, e);
            }
        }
    }
}
