package io.millrace.local.shared;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The mapped files of one process. Each begins with what it is known by:
 *
 * <pre>
 *    0  magic   i64
 *    8  token   i64, i64    random; who opens it was told it over the link
 *   24  bytes   i64
 * </pre>
 *
 * A file is written in full before it is mapped, so that its memory is there, and it never changes its size.
 */
public final class SharedFiles {
    static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final long MAGIC = 0x31304D485352_4C4DL;
    private static final int HEADER_BYTES = 32;
    private static final int TOKEN_HIGH = 8;
    private static final int TOKEN_LOW = 16;
    private static final int BYTES = 24;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

    private final Path directory;

    /** What a file is known by. */
    public record Token(long high, long low) {}

    private interface Mapping {
        ByteBuffer map() throws IOException;
    }

    /** @param directory made and cleared by somebody else: see {@link SharedDirectory} */
    public SharedFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * A new file of zeros behind its header.
     *
     * @throws IOException if there is no room for it, or it cannot be made
     */
    public ByteBuffer create(String name, int bytes, Token token) throws IOException {
        Path file = path(name);
        return uninterrupted(
                () -> {
                    try {
                        ByteBuffer memory = allocate(file, bytes);
                        memory.putLong(TOKEN_HIGH, token.high);
                        memory.putLong(TOKEN_LOW, token.low);
                        memory.putLong(BYTES, bytes);
                        memory.putLong(0, MAGIC);
                        return memory;
                    } catch (ClosedByInterruptException | FileAlreadyExistsException e) {
                        throw e;
                    } catch (IOException e) {
                        Files.deleteIfExists(file);
                        throw new IOException(
                                "'" + file + "' cannot be made with " + bytes + " bytes: " + e.getMessage()
                                        + "; free bytes in its file system: "
                                        + directory.toFile().getUsableSpace()
                                        + ". Make that larger (for containers --shm-size), give another directory for shared memory, or do without",
                                e);
                    }
                },
                file);
    }

    private static ByteBuffer allocate(Path file, int bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PRIVATE_FILE)) {
            ByteBuffer zeros = ByteBuffer.allocate(Math.min(bytes, CHUNK_BYTES));
            for (long at = 0; at < bytes; at += zeros.limit()) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
                while (zeros.hasRemaining()) {
                    channel.write(zeros, at + zeros.position());
                }
            }
            return map(channel, bytes);
        }
    }

    private static ByteBuffer map(FileChannel channel, long bytes) throws IOException {
        MappedByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
        return memory.order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * A file that exists.
     *
     * @throws IOException if it does not, or is another one than the token says
     */
    public ByteBuffer open(String name, Token token) throws IOException {
        Path file = path(name);
        return uninterrupted(
                () -> {
                    try (FileChannel channel = FileChannel.open(
                            file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                        long size = channel.size();
                        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                                || size < HEADER_BYTES
                                || size > Integer.MAX_VALUE) {
                            throw new IOException("'" + file + "' has " + size + " bytes or is no file");
                        }
                        ByteBuffer memory = map(channel, size);
                        if (memory.getLong(0) != MAGIC
                                || memory.getLong(TOKEN_HIGH) != token.high
                                || memory.getLong(TOKEN_LOW) != token.low
                                || memory.getLong(BYTES) != size) {
                            throw new IOException("'" + file + "' is not what was named");
                        }
                        return memory;
                    }
                },
                null);
    }

    /** An interrupt of the thread, which ends such calls, is kept for later. */
    private static ByteBuffer uninterrupted(Mapping mapping, @Nullable Path made) throws IOException {
        boolean wasInterrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return mapping.map();
                } catch (ClosedByInterruptException e) {
                    wasInterrupted |= Thread.interrupted();
                    if (made != null) {
                        Files.deleteIfExists(made);
                    }
                }
            }
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    public void delete(String name) {
        try {
            Files.deleteIfExists(path(name));
        } catch (IOException e) {
            // Not before: the JVM of a node needs this class and no logger, whose setting up would double its start.
            LoggerFactory.getLogger(SharedFiles.class)
                    .warn("shared memory '{}' in '{}' is left behind", name, directory, e);
        }
    }

    private Path path(String name) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IOException("shared memory is named '" + name + "', expected letters, digits and '-'");
        }
        return directory.resolve(name);
    }
}
