package io.millrace.remote.master;

import io.millrace.remote.state.ArtifactStore;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Artifacts as files of a folder, each under its hash. What is in here also stands in the log, or in its last snapshot, from which the folder is filled at every start: so
 * nothing needs to be forced to the disk.
 *
 * <p>One thread at a time changes it, and writes all of it out; any other reads meanwhile what is whole, and finds nothing once that is gone.
 */
final class ArtifactFiles implements ArtifactStore {
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");
    private static final int BUFFER_BYTES = 1 << 16;

    /** More files that come at once than these are read again when they are whole. */
    private static final int MAX_BEGUN = 64;

    /** As much as the log takes between two snapshots. */
    private static final long RESERVE_BYTES = 256L << 20;

    private final Path folder;
    private final LongSupplier usableBytes;
    private final Map<String, Begun> begun = new Begins(); // of who changes it

    /** What has come of a file, hashed as it came: nobody waits while all of it is read again. */
    private static final class Begun {
        final MessageDigest digest = sha256();
        long bytes;
    }

    private static final class Begins extends LinkedHashMap<String, Begun> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Begun> eldest) {
            return size() > MAX_BEGUN;
        }
    }

    ArtifactFiles(Path folder) {
        this(folder, () -> usableBytes(folder));
    }

    /** @param usableBytes that are left where the folder is; asked by any thread */
    ArtifactFiles(Path folder, LongSupplier usableBytes) {
        this.folder = folder;
        this.usableBytes = usableBytes;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("folder '" + folder + "' for artifacts cannot be made", e);
        }
    }

    /** Where nobody can say, there is room. */
    private static long usableBytes(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * Why no more should come: an artifact that cannot be written stops the master. Any thread.
     *
     * @param heldBytes of all artifacts, for which the next snapshot needs room
     * @param moreBytes that are to come of one, which stand in the log too
     */
    Optional<String> lackOfRoom(long heldBytes, long moreBytes) {
        long neededBytes = heldBytes + 2 * moreBytes + RESERVE_BYTES;
        long leftBytes = usableBytes.getAsLong();
        return leftBytes >= neededBytes
                ? Optional.empty()
                : Optional.of("the leading master's disk has " + (leftBytes >> 20) + " MiB left at '" + folder
                        + "', and it takes " + (neededBytes >> 20)
                        + " MiB to hold what is shipped, beside its log and a snapshot: make room there, or ship less");
    }

    @Override
    public void append(String sha256, long offset, byte[] bytes) {
        try (FileChannel file = FileChannel.open(file(sha256), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.truncate(offset);
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            for (long at = offset; rest.hasRemaining(); ) {
                at += file.write(rest, at);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("artifact '" + file(sha256) + "' cannot be written", e);
        }
        hash(sha256, offset, bytes);
    }

    private void hash(String sha256, long offset, byte[] bytes) {
        Begun known = offset == 0 ? new Begun() : begun.remove(sha256);
        if (known != null && known.bytes == offset) {
            known.digest.update(bytes);
            known.bytes += bytes.length;
            begun.remove(sha256);
            begun.put(sha256, known);
        }
    }

    @Override
    public boolean isIntact(String sha256, long totalBytes) {
        Begun known = begun.remove(sha256);
        if (known != null && known.bytes == totalBytes) {
            return HexFormat.of().formatHex(known.digest.digest()).equals(sha256);
        }
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = totalBytes;
        if (totalBytes == 0) {
            append(sha256, 0, new byte[0]);
        }
        try (InputStream in = Files.newInputStream(file(sha256))) {
            for (int read = 0; left > 0 && read >= 0; left -= Math.max(read, 0)) {
                read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                digest.update(buffer, 0, Math.max(read, 0));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("artifact '" + file(sha256) + "' cannot be read", e);
        }
        return left == 0 && HexFormat.of().formatHex(digest.digest()).equals(sha256);
    }

    @Override
    public void remove(String sha256) {
        begun.remove(sha256);
        try {
            Files.deleteIfExists(file(sha256));
        } catch (IOException e) {
            throw new UncheckedIOException("artifact '" + file(sha256) + "' cannot be removed", e);
        }
    }

    @Override
    public byte[] readAll(String sha256) {
        try {
            return Files.readAllBytes(file(sha256));
        } catch (IOException e) {
            throw new UncheckedIOException("artifact '" + file(sha256) + "' cannot be read", e);
        }
    }

    /** The bytes from the offset on, at most so many; empty if there is no such artifact or it is shorter. */
    Optional<byte[]> read(String sha256, long offset, int atMost) throws IOException {
        if (!NAME.matcher(sha256).matches() || !Files.exists(file(sha256))) {
            return Optional.empty();
        }
        try (FileChannel file = FileChannel.open(file(sha256), StandardOpenOption.READ)) {
            long left = file.size() - offset;
            if (offset < 0 || left < 0) {
                return Optional.empty();
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(atMost, left));
            while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) >= 0) {
                // until the buffer is full
            }
            return Optional.of(bytes.array());
        } catch (NoSuchFileException e) { // removed meanwhile
            return Optional.empty();
        }
    }

    long sizeBytes(String sha256) throws IOException {
        return Files.size(file(sha256));
    }

    /** Writes all artifacts: count, then name, length and bytes of each. */
    void writeAll(DataOutputStream out) throws IOException {
        List<Path> files = files();
        out.writeInt(files.size());
        for (Path file : files) {
            out.writeUTF(file.getFileName().toString());
            out.writeLong(Files.size(file));
            Files.copy(file, out);
        }
    }

    /** Has the artifacts that {@link #writeAll} wrote, and no others. */
    void readAll(DataInputStream in) throws IOException {
        begun.clear();
        for (Path file : files()) {
            Files.delete(file);
        }
        int count = in.readInt();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int i = 0; i < count; i++) {
            String name = in.readUTF();
            long length = in.readLong();
            if (!NAME.matcher(name).matches() || length < 0) {
                throw new IOException("a snapshot with an artifact that has no hash for a name, or no length");
            }
            try (var out = Files.newOutputStream(file(name))) {
                for (long left = length; left > 0; ) {
                    int part = (int) Math.min(buffer.length, left);
                    in.readFully(buffer, 0, part);
                    out.write(buffer, 0, part);
                    left -= part;
                }
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    private Path file(String sha256) {
        return folder.resolve(sha256);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM lacks SHA-256, which each has to have", e);
        }
    }
}
