package io.millrace.local.state;

import io.millrace.files.FolderLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one dataflow on disk: a directory with a file for each node or operator, which one process uses at a time. Used by one thread at a time.
 *
 * <p>A file is written beside its place, forced to the disk and then moved there, so whatever happens there is always the old one or the new one, whole. What
 * is damaged all the same, or belongs to another node, is an error and not passed over: who asks for state to be kept must not lose it unnoticed.
 */
final class StateDirectory implements CheckpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);
    private static final String SUFFIX = ".checkpoint";
    private static final int READABLE_LENGTH = 40;
    private static final int DIGEST_BYTES = 8;

    private final Path directory;
    private final String dataflow;
    private final FolderLock lock;

    private StateDirectory(Path directory, String dataflow, FolderLock lock) {
        this.directory = directory;
        this.dataflow = dataflow;
        this.lock = lock;
    }

    /** The dataflow's directory under {@code parent}, made if it is not there. */
    static StateDirectory open(Path parent, String dataflow) throws IOException {
        Path directory = parent.toAbsolutePath().resolve(fileName(dataflow));
        Optional<FolderLock> lock;
        try {
            Files.createDirectories(directory);
            lock = FolderLock.take(directory);
        } catch (IOException e) {
            throw new IOException(
                    "the state directory '" + directory + "' cannot be used: " + e
                            + "; name one that can be written to",
                    e);
        }
        return new StateDirectory(
                directory,
                dataflow,
                lock.orElseThrow(() -> new IOException("the state of dataflow '" + dataflow + "' in '" + directory
                        + "' is in use by another run: wait for its end, or name another directory")));
    }

    /** What the node or operator has left; null if nothing. */
    @Override
    public byte @Nullable [] read(String part) throws IOException {
        Path file = file(part);
        try {
            return CheckpointFile.decode(Files.readAllBytes(file), dataflow, part);
        } catch (NoSuchFileException e) {
            return null;
        } catch (CheckpointFile.UnreadableException e) {
            throw new IOException("the checkpoint of '" + part + "' in '" + file + "' cannot be read: " + e.getMessage()
                    + "; put a good copy in its place, or remove it to begin anew");
        }
    }

    @Override
    public void write(String part, byte[] state) throws IOException {
        Path file = file(part);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer encoded = ByteBuffer.wrap(CheckpointFile.encode(dataflow, part, state));
            while (encoded.hasRemaining()) {
                channel.write(encoded);
            }
            channel.force(true);
        }
        move(fresh, file);
        forceDirectory();
    }

    private static void move(Path fresh, Path file) throws IOException {
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) { // a file system that knows no better
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** That the file has its new name is itself something to be kept; not every system lets a directory be opened for that. */
    private void forceDirectory() {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("'{}' cannot be forced to the disk by itself", directory, e);
        }
    }

    /** Removes what these have left. */
    @Override
    public void clear(Collection<String> parts) {
        for (String part : parts) {
            try {
                Files.deleteIfExists(file(part));
            } catch (IOException e) {
                LOG.warn(
                        "dataflow '{}' has finished, but the checkpoint of '{}' could not be removed: the next run will find it in '{}'",
                        dataflow,
                        part,
                        file(part),
                        e);
            }
        }
    }

    /** Another process may use it from now on. Idempotent. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("the lock of '{}' could not be given back", directory, e);
        }
    }

    private Path file(String part) {
        return directory.resolve(fileName(part) + SUFFIX);
    }

    /** Can be read as far as every system allows; the digest keeps apart what differs only in case, in its end, or in what was replaced. */
    private static String fileName(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9_]", "_");
        String readable = safe.substring(0, Math.min(safe.length(), READABLE_LENGTH));
        return readable + "-" + HexFormat.of().formatHex(sha256(name), 0, DIGEST_BYTES);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
