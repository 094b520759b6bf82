package io.millrace.remote.raft;

import io.millrace.files.FolderLock;
import io.millrace.remote.log.LogUnavailableException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.StringJoiner;

/**
 * The folder in which a member keeps its log, held by one process at a time and by one member for ever: whose it is stands in it.
 *
 * <pre>
 * lock               locked while a member is open
 * member.properties  format, cluster, member, peers
 * raft/              what Ratis writes
 * </pre>
 */
final class DataFolder implements AutoCloseable {
    private static final String FORMAT = "1";
    private static final int LONGEST_IDENTITY = 1 << 20;

    private final Path folder;
    private final FolderLock lock;

    private DataFolder(Path folder, FolderLock lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Takes the folder for this member, and makes it where it does not exist. */
    static DataFolder take(RaftSettings settings) {
        Path folder = settings.folder();
        try {
            Files.createDirectories(folder.resolve("raft"));
            FolderLock lock = FolderLock.take(folder)
                    .orElseThrow(() -> new LogUnavailableException(
                            "data folder '" + folder
                                    + "' is in use by another master: give each one of its own, or end the other",
                            null));
            return identified(new DataFolder(folder, lock), settings);
        } catch (IOException e) {
            throw new LogUnavailableException("data folder '" + folder + "' cannot be used: " + Causes.line(e), e);
        }
    }

    private static DataFolder identified(DataFolder taken, RaftSettings settings) throws IOException {
        try {
            taken.identify(settings);
            return taken;
        } catch (IOException | LogUnavailableException e) {
            try {
                taken.lock.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    Path raft() {
        return folder.resolve("raft");
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new LogUnavailableException(
                    "the lock of data folder '" + folder + "' cannot be closed: " + Causes.line(e), e);
        }
    }

    private void identify(RaftSettings settings) throws IOException {
        Path file = folder.resolve("member.properties");
        if (!Files.exists(file)) {
            write(file, settings);
            return;
        }
        Properties identity = read(file);
        require(file, "format", identity, FORMAT, "it was written by another version of Millrace");
        require(file, "cluster", identity, settings.cluster(), "give the data folder of this cluster, or an empty one");
        require(file, "member", identity, settings.name(), "give each master a data folder of its own");
        require(
                file,
                "peers",
                identity,
                peers(settings),
                "masters cannot be added, removed or moved later: give the ones that the cluster began with");
    }

    private void require(Path file, String key, Properties identity, String expected, String fix) {
        String found = identity.getProperty(key);
        if (!expected.equals(found)) {
            throw new LogUnavailableException(
                    file + ": data folder '" + folder + "' is of " + key + " '" + found + "', not '" + expected + "': "
                            + fix,
                    null);
        }
    }

    private static Properties read(Path file) throws IOException {
        if (Files.size(file) > LONGEST_IDENTITY) {
            throw new IOException(file + " has " + Files.size(file) + " bytes: it is none of ours");
        }
        Properties identity = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            identity.load(reader);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
        return identity;
    }

    private static void write(Path file, RaftSettings settings) throws IOException {
        Properties identity = new Properties();
        identity.setProperty("format", FORMAT);
        identity.setProperty("cluster", settings.cluster());
        identity.setProperty("member", settings.name());
        identity.setProperty("peers", peers(settings));
        StringWriter text = new StringWriter();
        identity.store(text, null);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            out.write(StandardCharsets.UTF_8.encode(text.toString()));
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Alone, a member is dialled by nobody, so its address may change. */
    private static String peers(RaftSettings settings) {
        if (settings.isAlone()) {
            return settings.name();
        }
        StringJoiner peers = new StringJoiner(",");
        settings.sortedPeers().forEach((name, address) -> peers.add(name + "=" + RaftSettings.text(address)));
        return peers.toString();
    }
}
