package io.millrace.remote.executor;

import io.millrace.remote.wire.Sha256;
import io.millrace.remote.wire.ShippedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was shipped to this executor: artifacts by their contents, kept for later jobs, and for each part copies under the names that its nodes use. Blocks on the file
 * system and on the masters; used by one thread at a time.
 */
final class Artifacts {
    private final Path cache;
    private final Source source;

    /** Where artifacts come from. */
    interface Source {
        /**
         * The bytes from an offset on, at least one unless that is the end. Blocks.
         *
         * @throws IOException if no master can give them
         */
        byte[] read(String sha256, long offset) throws IOException, InterruptedException;
    }

    /** Something shipped is not here, or not what it should be. */
    static final class UnusableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }

    /** @param base the executor's base directory */
    Artifacts(Path base, Source source) {
        this.cache = base.resolve("artifacts");
        this.source = source;
    }

    /**
     * Puts copies of the files below the directory, which is made.
     *
     * @return where the copy of what a node names is: by node, by what is written
     * @throws UnusableException if a master has sent what cannot be right
     */
    Map<String, Map<String, Path>> place(List<ShippedFile> files, Path directory)
            throws IOException, InterruptedException {
        Map<String, Map<String, Path>> roots = new LinkedHashMap<>();
        for (ShippedFile file : files) {
            Path own = directory.resolve(checked(file.nodeId())).normalize();
            Path copy = own.resolve(file.relativePath()).normalize();
            if (!Sha256.isName(file.sha256())
                    || !copy.startsWith(own)
                    || copy.getNameCount() < own.getNameCount() + 2) {
                throw new UnusableException("a shipped file has the name '" + file.relativePath()
                        + "' and the SHA-256 '" + file.sha256() + "', which no client gives it");
            }
            Path artifact = fetch(file.sha256(), file.sizeBytes());
            Files.createDirectories(copy.getParent());
            Files.copy(artifact, copy, StandardCopyOption.REPLACE_EXISTING);
            if (file.isExecutable() && !copy.toFile().setExecutable(true)) {
                throw new UnusableException("'" + copy + "' cannot be made executable");
            }
            Path root = own.resolve(own.relativize(copy).subpath(0, 2));
            roots.computeIfAbsent(file.nodeId(), node -> new LinkedHashMap<>()).put(file.written(), root);
        }
        return roots;
    }

    private static String checked(String nodeId) throws UnusableException {
        if (nodeId.isEmpty() || nodeId.startsWith(".") || nodeId.contains("/") || nodeId.contains("\\")) {
            throw new UnusableException("a shipped file is for node '" + nodeId + "', which is no node's name");
        }
        return nodeId;
    }

    /** The artifact in the cache, fetched if it is not there yet; what an earlier try has fetched of it is used. */
    private Path fetch(String sha256, long sizeBytes) throws IOException, InterruptedException {
        Path whole = cache.resolve(sha256);
        if (sizeOf(whole).filter(size -> size == sizeBytes).isPresent()) {
            return whole;
        }
        Files.createDirectories(cache);
        Path partial = cache.resolve(sha256 + ".part");
        try (FileChannel out = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (out.size() > sizeBytes) {
                out.truncate(0);
            }
            out.position(out.size());
            while (out.position() < sizeBytes) {
                byte[] bytes = source.read(sha256, out.position());
                if (bytes.length == 0 || out.position() + bytes.length > sizeBytes) {
                    throw new UnusableException(
                            "the masters have another length of the shipped file " + sha256 + " than its client said");
                }
                ByteBuffer next = ByteBuffer.wrap(bytes);
                while (next.hasRemaining()) {
                    out.write(next);
                }
            }
        }
        if (!Sha256.of(partial).equals(sha256)) {
            Files.delete(partial);
            throw new UnusableException("what the masters have of the shipped file " + sha256 + " is damaged");
        }
        return Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Optional<Long> sizeOf(Path file) throws IOException {
        try {
            return Optional.of(Files.size(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
