package io.millrace.remote.executor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.Sha256;
import io.millrace.remote.wire.ShippedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was shipped to this executor: artifacts by their contents, kept for later jobs, and for each part copies under the names that its nodes use, until it is gone. Blocks
 * on the file system and on the masters; used by one thread at a time.
 *
 * <pre>
 *   BASE/artifacts/SHA256                              the least recently used go when there are too many; shared with other executors of that directory
 *   BASE/artifacts/SHA256.OWNER.part                   what has come of it for one of them
 *   BASE/shipped/CLUSTER/MACHINE/JOB/PART/NODE/...     no node runs in here, so nothing is in here but copies
 * </pre>
 */
public final class Artifacts {
    private static final Logger LOG = LoggerFactory.getLogger(Artifacts.class);
    /** As much as masters hold. */
    private static final long CACHE_BYTES = 4L << 30;

    private static final String PARTIAL = ".part";
    private static final int OWNER_DIGITS = 16;
    private static final int MOST_TRIES = 2;

    private final Path cache;
    private final Path copies;
    private final String partial;
    private final long cacheBytes;

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
    public Artifacts(Path base, String cluster, String machineId) {
        this(base, cluster, machineId, CACHE_BYTES);
    }

    Artifacts(Path base, String cluster, String machineId, long cacheBytes) {
        this.cache = base.resolve("artifacts");
        this.copies = base.resolve("shipped").resolve(cluster).resolve(machineId);
        this.partial =
                "." + Sha256.of((cluster + "/" + machineId).getBytes(UTF_8)).substring(0, OWNER_DIGITS) + PARTIAL;
        this.cacheBytes = cacheBytes;
    }

    /**
     * Puts copies of the files into a directory of the part.
     *
     * @return where the copy of what a node names is: by node, by what is written
     * @throws UnusableException if a master has sent what cannot be right
     */
    Map<String, Map<String, Path>> place(PartId part, List<ShippedFile> files, Source source)
            throws IOException, InterruptedException {
        if (files.isEmpty()) {
            return Map.of();
        }
        Path directory = directory(part);
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
            Files.createDirectories(copy.getParent());
            fetch(file, copy, source);
            if (file.isExecutable() && !copy.toFile().setExecutable(true)) {
                throw new UnusableException("'" + copy + "' cannot be made executable");
            }
            Path root = own.resolve(own.relativize(copy).subpath(0, 2));
            roots.computeIfAbsent(file.nodeId(), node -> new LinkedHashMap<>()).put(file.written(), root);
        }
        trimCache();
        return roots;
    }

    private Path directory(PartId part) throws UnusableException {
        Path job = copies.resolve(part.jobId()).normalize();
        if (!copies.equals(job.getParent())) {
            throw new UnusableException("a job has the id '" + part.jobId() + "', which no client gives it");
        }
        return job.resolve(Integer.toString(part.number()));
    }

    /** Nothing of the part runs any more. What cannot be deleted stays until the next start. */
    void drop(PartId part) {
        try {
            Path directory = directory(part);
            if (Files.exists(directory)) {
                delete(directory);
                deleteIfEmpty(copies.resolve(part.jobId()));
            }
        } catch (IOException e) {
            LOG.debug("part {}: its copies of shipped files cannot be deleted", part, e);
        }
    }

    /** Deletes the copies of all parts, also of those that former processes of this executor have left; to be called while no part is here, and only if none of them is there any more. */
    public void dropAll() {
        try {
            if (Files.exists(copies)) {
                delete(copies);
            }
        } catch (IOException e) {
            LOG.debug("'{}' cannot be deleted", copies, e);
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }

    private static void deleteIfEmpty(Path directory) throws IOException {
        try {
            Files.delete(directory);
        } catch (DirectoryNotEmptyException e) {
            LOG.trace("other parts of the job are here", e);
        }
    }

    private static String checked(String nodeId) throws UnusableException {
        if (nodeId.isEmpty() || nodeId.startsWith(".") || nodeId.contains("/") || nodeId.contains("\\")) {
            throw new UnusableException("a shipped file is for node '" + nodeId + "', which is no node's name");
        }
        return nodeId;
    }

    /** Copies it; once more if another executor has let it go from the cache meanwhile, or what the disk has of it is damaged. */
    private void fetch(ShippedFile file, Path copy, Source source) throws IOException, InterruptedException {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            if (isCopied(file, copy, source)) {
                return;
            }
        }
        throw new UnusableException("the shipped file " + file.sha256() + " cannot be kept in '" + cache
                + "': twice it was gone or damaged when it was to be copied");
    }

    /** What was not as it should be is not in the cache any more. */
    private boolean isCopied(ShippedFile file, Path copy, Source source) throws IOException, InterruptedException {
        Path whole = fetch(file.sha256(), file.sizeBytes(), source);
        try {
            if (Sha256.copy(whole, copy).equals(file.sha256())) {
                return true;
            }
            LOG.warn("shipped file '{}' is damaged, and fetched once more", whole);
            Files.deleteIfExists(whole);
        } catch (NoSuchFileException e) {
            LOG.debug("shipped file {} is gone from the cache: fetched once more", file.sha256(), e);
        }
        return false;
    }

    /** The artifact in the cache, fetched if it is not there yet; what an earlier try has fetched of it is used. */
    private Path fetch(String sha256, long sizeBytes, Source source) throws IOException, InterruptedException {
        Path whole = cache.resolve(sha256);
        if (sizeOf(whole).filter(size -> size == sizeBytes).isPresent()) {
            Files.setLastModifiedTime(whole, FileTime.from(Instant.now()));
            return whole;
        }
        Files.createDirectories(cache);
        Path own = cache.resolve(sha256 + partial);
        try (FileChannel out = FileChannel.open(own, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
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
        if (!Sha256.of(own).equals(sha256)) {
            Files.delete(own);
            throw new UnusableException("what the masters have of the shipped file " + sha256 + " is damaged");
        }
        return Files.move(own, whole, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Optional<Long> sizeOf(Path file) throws IOException {
        try {
            return Optional.of(Files.size(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** What has been copied is not needed any more, unless another job ships it again. */
    private void trimCache() throws IOException {
        List<Cached> all = cached();
        long bytes = all.stream().mapToLong(Cached::bytes).sum();
        for (Cached oldest : all) {
            if (bytes <= cacheBytes) {
                return;
            }
            Files.deleteIfExists(oldest.file);
            bytes -= oldest.bytes;
        }
    }

    /** The least recently used first, without what still comes for others. */
    private List<Cached> cached() throws IOException {
        List<Cached> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(cache)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.endsWith(PARTIAL) || name.endsWith(partial)) {
                    Cached.of(file).ifPresent(all::add);
                }
            }
        }
        all.sort(Comparator.comparing(Cached::used));
        return all;
    }

    private record Cached(Path file, long bytes, FileTime used) {
        /** Empty if another executor has deleted it meanwhile. */
        static Optional<Cached> of(Path file) throws IOException {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return Optional.of(new Cached(file, found.size(), found.lastModifiedTime()));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        }
    }
}
