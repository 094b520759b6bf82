package io.millrace.remote.client;

import io.millrace.files.MachineFiles;
import io.millrace.files.NodeLocations;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Problem;
import io.millrace.remote.wire.Sha256;
import io.millrace.remote.wire.ShippedFile;
import io.millrace.workdir.ClientFacts;
import io.millrace.workdir.ClientRules;
import io.millrace.workdir.FileSearch;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files that travel with a dataflow, for its nodes say {@code distribute: ship}: read once, named by their contents. What a node names by a directory travels
 * file by file.
 *
 * @param files what the executors are told
 * @param sources where each artifact is on this machine, by its SHA-256
 */
record Shipment(List<ShippedFile> files, Map<String, Path> sources) {
    /** In all. */
    static final int MAX_FILES = 10_000;

    static final long MAX_FILE_BYTES = 256L << 20;

    Shipment {
        files = List.copyOf(files);
        sources = Map.copyOf(sources);
    }

    /**
     * Finds and reads them. Blocks on the file system.
     *
     * @throws InvalidDataflowException if one cannot be read, or is too large, or they are too many
     */
    static Shipment of(Graph graph) {
        ClientFacts facts = new ClientFacts(
                ClientFacts.Situation.CLUSTER,
                MachineFiles.operatingSystem(),
                graph.directory().toString(),
                false);
        Packing packing = new Packing();
        for (GraphNode node : graph.nodes()) {
            var location = NodeLocations.of(node);
            if (location.ship()) {
                for (FileSearch search : ClientRules.check(location, facts).required()) {
                    search.find(MachineFiles.view())
                            .ifPresent(found -> packing.add(node, search.written(), Path.of(found)));
                }
            }
        }
        return packing.finish();
    }

    /** What was found so far. */
    private static final class Packing {
        private final List<ShippedFile> files = new ArrayList<>();
        private final Map<String, Path> sources = new LinkedHashMap<>();
        private final List<Problem> problems = new ArrayList<>();
        private int roots;

        /** A number of its own keeps apart what has the same name in different directories. */
        void add(GraphNode node, String written, Path root) {
            String prefix = roots++ + "/" + root.getFileName();
            try (Stream<Path> found = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
                for (Path file :
                        (Iterable<Path>) found.filter(Files::isRegularFile).sorted()::iterator) {
                    String below = root.relativize(file).toString().replace('\\', '/');
                    add(node, written, file, below.isEmpty() ? prefix : prefix + "/" + below);
                }
            } catch (IOException | java.io.UncheckedIOException e) {
                refuse(
                        node,
                        "'" + written + "' cannot be shipped, for '" + root + "' cannot be read: " + e.getMessage());
            }
        }

        private void add(GraphNode node, String written, Path file, String relativePath) throws IOException {
            long sizeBytes = Files.size(file);
            if (sizeBytes > MAX_FILE_BYTES) {
                refuse(
                        node,
                        "'" + file + "' has " + sizeBytes + " bytes, and at most " + MAX_FILE_BYTES
                                + " are shipped: put it on the machine and write its path");
            } else if (files.size() == MAX_FILES) {
                refuse(
                        node,
                        "'" + written + "' makes more than " + MAX_FILES
                                + " files to be shipped: pack them, as in a jar");
            } else if (files.size() < MAX_FILES) {
                String sha256 = Sha256.of(file);
                sources.putIfAbsent(sha256, file);
                files.add(
                        new ShippedFile(node.id(), written, relativePath, sha256, sizeBytes, Files.isExecutable(file)));
            }
        }

        private void refuse(GraphNode node, String text) {
            problems.add(Problem.error(node.location(), "node '" + node.id() + "': " + text));
        }

        Shipment finish() {
            if (!problems.isEmpty()) {
                throw new InvalidDataflowException(problems);
            }
            return new Shipment(files, sources);
        }
    }
}
