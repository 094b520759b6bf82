package io.millrace.local.shared;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an executor, or who starts a process of its own, has the files that it shares with others of the same host and user.
 *
 * <pre>
 *   DIRECTORY/millrace-UID/           0700
 *       INSTANCE/                     0700, of one start of an executor, gone when it ends
 *           owner                     the kernel's boot id, and which process this is
 *           lock                      locked as long as that lives
 *           ...                       memory of edges
 * </pre>
 *
 * Two executors share memory if each finds the other's directory under the instance that it is known by to the masters, and both were written under the same boot of one kernel: so neither an address nor a
 * directory that a network carries makes two hosts one. The public methods are for any thread and wait for the file system.
 */
public final class SharedDirectory implements AutoCloseable {
    /** Where files are memory, on Linux. */
    public static final Path DEFAULT = Path.of("/dev/shm");

    private static final Logger LOG = LoggerFactory.getLogger(SharedDirectory.class);
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path OWN_PROCESS =
            Path.of("/proc", Long.toString(ProcessHandle.current().pid())); // the link "self" is root's
    private static final Pattern INSTANCE =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<?> PRIVATE_DIRECTORY = PosixFilePermissions.asFileAttribute(PRIVATE);
    private static final long MAX_OWNER_BYTES = 1024;
    private static final long UNFINISHED_MS = 60_000;

    private final Path all;
    private final Path own;
    private final String bootId;
    private final int uid;
    private final FileChannel lockFile;
    private final FileLock lock;

    private SharedDirectory(Path all, Path own, String bootId, int uid, FileChannel lockFile, FileLock lock) {
        this.all = all;
        this.own = own;
        this.bootId = bootId;
        this.uid = uid;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Makes the directory of an executor, and deletes those of such as have died.
     *
     * @param instance a UUID as text
     * @throws IOException if memory cannot be shared here, saying why
     */
    public static SharedDirectory open(Path directory, String instance) throws IOException {
        if (!INSTANCE.matcher(instance).matches()) {
            throw new IOException("the instance '" + instance + "' is no UUID in lower case");
        }
        String bootId = bootId();
        int uid = uidOf(OWN_PROCESS);
        Path all = directory.resolve("millrace-" + uid);
        if (!Files.exists(all, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(all, PRIVATE_DIRECTORY);
        }
        requirePrivate(all, uid);
        deleteLeftBehind(all);
        Path fresh = all.resolve("." + instance);
        try {
            Files.createDirectory(fresh, PRIVATE_DIRECTORY);
            return open(all, fresh, instance, bootId, uid);
        } catch (IOException | RuntimeException e) { // such as a file system that is full
            deleteAfter(e, fresh);
            throw e;
        }
    }

    private static void deleteAfter(Exception failure, Path fresh) {
        try {
            if (Files.exists(fresh, LinkOption.NOFOLLOW_LINKS)) {
                delete(fresh);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static SharedDirectory open(Path all, Path fresh, String instance, String bootId, int uid)
            throws IOException {
        FileChannel lockFile = FileChannel.open(
                fresh.resolve("lock"),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                SharedFiles.PRIVATE_FILE);
        try {
            FileLock lock = lockFile.lock();
            Files.createFile(fresh.resolve("owner"), SharedFiles.PRIVATE_FILE);
            Files.writeString(fresh.resolve("owner"), bootId + "\n" + process() + "\n");
            Path own = all.resolve(instance);
            Files.move(fresh, own, StandardCopyOption.ATOMIC_MOVE);
            return new SharedDirectory(all, own, bootId, uid, lockFile, lock);
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    private static String bootId() throws IOException {
        if (!Files.isReadable(BOOT_ID)) {
            throw new IOException(
                    "this system has no '" + BOOT_ID + "', by which processes know that they share a kernel");
        }
        return Files.readString(BOOT_ID).strip();
    }

    private static String process() {
        ProcessHandle self = ProcessHandle.current();
        return self.pid() + " "
                + self.info().startInstant().map(Instant::toString).orElse("");
    }

    private static int uidOf(Path path) throws IOException {
        try {
            return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            throw new IOException("the file system of '" + path + "' does not say who owns what", e);
        }
    }

    private static void requirePrivate(Path directory, int uid) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                || uidOf(directory) != uid
                || !Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS)
                        .equals(PRIVATE)) {
            throw new IOException("'" + directory + "' is not a directory of user " + uid
                    + " with mode 0700: delete it, or give another directory for shared memory");
        }
    }

    private static void deleteLeftBehind(Path all) throws IOException {
        for (Path each : list(all)) {
            try {
                if (isLeftBehind(each)) {
                    delete(each);
                    LOG.info("deleted '{}', which a process has left behind that has ended", each);
                }
            } catch (IOException e) { // another one deletes it too
                LOG.debug("'{}' cannot be looked at or deleted", each, e);
            }
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static boolean isLeftBehind(Path directory) throws IOException {
        String name = directory.getFileName().toString();
        if (name.startsWith(".") && INSTANCE.matcher(name.substring(1)).matches()) {
            return isOld(directory);
        }
        if (!INSTANCE.matcher(name).matches()) {
            return false;
        }
        if (!Files.exists(directory.resolve("lock")) || !Files.exists(directory.resolve("owner"))) {
            return isOld(directory); // by then nobody is about to delete it any more
        }
        List<String> owner = owner(directory);
        if (owner.size() > 1 && owner.get(1).equals(process())) {
            return false; // and its lock is not touched: closing any file of that name would give it up
        }
        try (FileChannel file = FileChannel.open(directory.resolve("lock"), StandardOpenOption.WRITE);
                FileLock free = file.tryLock()) {
            return free != null;
        } catch (OverlappingFileLockException e) { // this process has it
            return false;
        }
    }

    private static boolean isOld(Path directory) throws IOException {
        long modifiedMs =
                Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS).toMillis();
        return System.currentTimeMillis() - modifiedMs > UNFINISHED_MS;
    }

    private static List<String> owner(Path directory) throws IOException {
        Path file = directory.resolve("owner");
        if (Files.size(file) > MAX_OWNER_BYTES) {
            throw new IOException(
                    "'" + file + "' has " + Files.size(file) + " bytes, expected at most " + MAX_OWNER_BYTES);
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    /** Where they are. */
    public Path path() {
        return own;
    }

    /** The files of this executor. */
    public SharedFiles files() {
        return new SharedFiles(own);
    }

    /** The files of another executor; empty if it does not share memory with this one. */
    public Optional<SharedFiles> filesOf(String instance) {
        if (!INSTANCE.matcher(instance).matches()) {
            return Optional.empty();
        }
        Path directory = all.resolve(instance);
        try {
            requirePrivate(directory, uid);
            List<String> owner = owner(directory);
            return owner.isEmpty() || !owner.get(0).equals(bootId)
                    ? Optional.empty()
                    : Optional.of(new SharedFiles(directory));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.debug("no memory is shared with instance {}", instance, e);
            return Optional.empty();
        }
    }

    /** Whether another executor shares memory with this one: then it says the same of this one. */
    public boolean isSharedWith(String instance) {
        return filesOf(instance).isPresent();
    }

    /** Deletes everything; what is mapped stays usable. Idempotent. */
    @Override
    public void close() {
        try {
            if (lock.isValid()) {
                delete(own);
                lock.release();
            }
            lockFile.close();
        } catch (IOException e) {
            LOG.warn("shared memory in '{}' is left behind", own, e);
        }
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException error) throws IOException {
                if (error != null) {
                    throw error;
                }
                Files.deleteIfExists(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public String toString() {
        return own.toString();
    }
}
