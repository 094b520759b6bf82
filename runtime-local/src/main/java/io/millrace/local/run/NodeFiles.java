package io.millrace.local.run;

import io.millrace.files.MachineFiles;
import io.millrace.files.NodeLocations;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.Problem;
import io.millrace.workdir.ExecutorFacts;
import io.millrace.workdir.ExecutorRules;
import io.millrace.workdir.JobFacts;
import io.millrace.workdir.LocatedTarget;
import io.millrace.workdir.Resolution;
import io.millrace.workdir.SearchPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the files of a dataflow's nodes are: the working-directory rules, applied to this machine by the process that is client and executor in one.
 *
 * <p>A directory that has to be made is made when its node asks for it, and taken away at the end if nothing is in it. Any thread.
 */
final class NodeFiles {
    private static final Logger LOG = LoggerFactory.getLogger(NodeFiles.class);

    private static final int ATTEMPTS = 100;

    private final Graph graph;
    private final JobFacts job;
    private final ExecutorFacts executor;
    private final Path base =
            Path.of(System.getProperty("java.io.tmpdir"), "millrace").toAbsolutePath();
    private final Deque<Path> made = new ArrayDeque<>(); // guarded by this; the deepest first

    /**
     * A node's files.
     *
     * @param directory its working directory, which may still have to be made
     * @param classpath the entries found
     */
    record Found(Path directory, List<Path> classpath, List<Problem> problems) {}

    NodeFiles(Graph graph) {
        this.graph = graph;
        this.job = new JobFacts(
                graph.name() + "-" + UUID.randomUUID(),
                graph.directory().toString(),
                true,
                (nodeId, written) -> Optional.empty());
        this.executor = new ExecutorFacts(
                "this machine",
                MachineFiles.operatingSystem(),
                base.toString(),
                Path.of(System.getProperty("user.home")).toAbsolutePath().toString(),
                new SearchPath(Optional.empty(), List.of()),
                false,
                false,
                MachineFiles.view());
    }

    Found find(GraphNode node) {
        Resolution resolution = ExecutorRules.resolve(NodeLocations.of(node), job, executor);
        List<Problem> problems = resolution.findings().stream()
                .map(finding -> NodeLocations.problem(node, finding))
                .toList();
        List<Path> classpath = new ArrayList<>();
        for (LocatedTarget target : resolution.targets()) {
            for (LocatedTarget.LocatedFile file : target.files()) {
                file.found().map(Path::of).ifPresent(classpath::add);
            }
        }
        Path directory = Path.of(resolution.workingDirectory().orElse(job.flowDir()));
        return new Found(directory, classpath, problems);
    }

    /** The directory, made if it was not there. Blocks on the file system. */
    synchronized Path directory(Path directory) {
        try {
            for (int attempt = 1; !make(directory); attempt++) {
                if (attempt == ATTEMPTS) {
                    throw new NoSuchFileException(directory.toString(), null, "what is above it comes and goes");
                }
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "dataflow '" + graph.name() + "': working directory '" + directory + "' cannot be made", e);
        }
    }

    /** False if another dataflow has taken the directory above away at the same time. */
    private boolean make(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return true;
        }
        Path parent = directory.getParent();
        if (parent != null && !make(parent)) {
            return false;
        }
        try {
            Files.createDirectory(directory);
            made.addFirst(directory);
        } catch (NoSuchFileException e) {
            return false;
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
        return true;
    }

    /** Takes away the directories that were made and are empty. Blocks on the file system. */
    synchronized void close() {
        if (made.stream().anyMatch(directory -> directory.startsWith(base))) {
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
