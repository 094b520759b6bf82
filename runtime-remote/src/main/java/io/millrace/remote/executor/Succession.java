package io.millrace.remote.executor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which former processes of this executor have ended for certain, without a word to the masters: so that this one may take their place before their lease is over.
 *
 * <pre>
 *   WORKING_DIR/.millrace/CLUSTER/executor-MACHINE.lock     locked by a process as long as it lives
 *   WORKING_DIR/.millrace/CLUSTER/executor-MACHINE.owner    boot id of the kernel, the process, the lock file's identity, then
 *                                                           its instance and those before it that were not taken over yet
 * </pre>
 *
 * The kernel gives up a process's lock when its last thread is gone, and not before. So who has the lock knows that whoever wrote the other file, which only the holder does, has ended, if it
 * wrote under this boot of this kernel, and about this very file: not about one that was copied, or that another host has over a network. An executor that ends in order deletes what it wrote, as
 * nothing is left to be taken over.
 *
 * <p>The methods may be called by any thread and wait for the file system. Nothing that goes wrong here is an error: the lease of the former is waited for then.
 */
public final class Succession implements AutoCloseable {
    /**
     * After that the programs of a process that has ended have ended too: their supervisors see to it within two seconds (record 019), which is doubled for a machine that is busy.
     */
    static final Duration PROGRAMS_END = Duration.ofSeconds(4);

    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Pattern INSTANCE =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final long MAX_OWNER_BYTES = 4096;
    private static final int FACTS = 3; // lines before the instances
    private static final int MAX_FORMERS = 16; // a process that dies at each start does not grow the list for ever

    private final String instance;
    private final Path owner;
    private final List<String> facts;
    private final @Nullable FileChannel lockFile; // null: nothing is proven, now or later
    private volatile List<String> formers;

    private Succession(
            String instance, Path owner, List<String> facts, @Nullable FileChannel lockFile, List<String> formers) {
        this.instance = instance;
        this.owner = owner;
        this.facts = facts;
        this.lockFile = lockFile;
        this.formers = formers;
    }

    /**
     * Looks for a former process, and leaves its own mark for the next one.
     *
     * @param instance of this process
     */
    public static Succession open(Path workingDirectory, String cluster, String machineId, String instance) {
        Path directory = workingDirectory.resolve(".millrace").resolve(cluster);
        Path owner = directory.resolve("executor-" + machineId + ".owner");
        try {
            Optional<String> bootId = bootId();
            if (bootId.isPresent()) {
                Files.createDirectories(directory);
                return take(directory.resolve("executor-" + machineId + ".lock"), owner, bootId.get(), instance);
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug(
                    "executor '{}': '{}' cannot be used to prove that a former process has ended", machineId, owner, e);
        }
        return new Succession(instance, owner, List.of(), null, List.of());
    }

    /** Empty where a system has none: then nobody can tell one kernel from another. */
    private static Optional<String> bootId() throws IOException {
        return Files.isReadable(BOOT_ID) ? Optional.of(Files.readString(BOOT_ID).strip()) : Optional.empty();
    }

    private static Succession take(Path lock, Path owner, String bootId, String instance) throws IOException {
        String process = process();
        List<String> before = read(owner);
        if (before.size() > 1 && before.get(1).equals(process)) {
            // Another executor in this process. Its lock is not touched: closing any file of that name would give it
            // up.
            return new Succession(instance, owner, List.of(), null, List.of());
        }
        FileChannel lockFile = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (tryLock(lockFile) == null) {
                lockFile.close();
                return new Succession(instance, owner, List.of(), null, List.of());
            }
            List<String> facts = List.of(bootId, process, fileKey(lock));
            List<String> formers = formers(read(owner), facts);
            Succession taken = new Succession(instance, owner, facts, lockFile, formers);
            taken.write(formers);
            return taken;
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) { // this process has it already
            return null;
        }
    }

    private static String process() {
        ProcessHandle self = ProcessHandle.current();
        return self.pid() + " "
                + self.info().startInstant().map(Instant::toString).orElse("");
    }

    private static String fileKey(Path file) throws IOException {
        return String.valueOf(
                Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    }

    private static List<String> formers(List<String> written, List<String> facts) {
        if (written.size() <= FACTS
                || !written.get(0).equals(facts.get(0))
                || !written.get(2).equals(facts.get(2))) {
            return List.of();
        }
        return written.subList(FACTS, written.size()).stream()
                .filter(INSTANCE.asMatchPredicate())
                .limit(MAX_FORMERS)
                .toList();
    }

    private static List<String> read(Path owner) throws IOException {
        try (FileChannel file = FileChannel.open(owner, StandardOpenOption.READ)) {
            if (file.size() > MAX_OWNER_BYTES) {
                return List.of();
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            while (bytes.hasRemaining() && file.read(bytes) >= 0) {}
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Whole or not at all: the end of this process may come at any moment. */
    private void write(List<String> formersStill) throws IOException {
        List<String> lines = new ArrayList<>(facts);
        lines.add(instance);
        lines.addAll(formersStill);
        Path fresh = owner.resolveSibling(owner.getFileName() + ".new");
        Files.write(fresh, lines);
        Files.move(fresh, owner, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Instances of processes that have ended for certain, and that the masters may still wait for. */
    List<String> formers() {
        return formers;
    }

    /** Whether no other process of this executor is there, and none can be as long as this one is. */
    public boolean isSole() {
        return lockFile != null;
    }

    /** The masters have let this process in: nobody is waited for any more. */
    public void settled() {
        if (!formers.isEmpty()) {
            formers = List.of();
            try {
                write(List.of());
            } catch (IOException e) { // the next process then names one more that has ended
                LOG.debug("'{}' cannot be written", owner, e);
            }
        }
    }

    /** To be called when nothing of this executor runs any more. */
    @Override
    public void close() {
        if (lockFile == null) {
            return;
        }
        try {
            Files.deleteIfExists(owner);
            lockFile.close();
        } catch (IOException e) {
            LOG.debug("'{}' cannot be given up", owner, e);
        }
    }
}
