package io.millrace.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * That a folder has one user at a time: its file {@code lock} is locked for other processes, and this one remembers for its own users. These must not so much as open the file: a
 * process that closes any file gives up its locks on it, through whichever file it has them (fcntl(2)).
 */
public final class FolderLock implements AutoCloseable {
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel file;

    private FolderLock(Path folder, FileChannel file) {
        this.folder = folder;
        this.file = file;
    }

    /**
     * Any thread; does not wait.
     *
     * @param folder which exists
     * @return empty if it has a user
     */
    public static Optional<FolderLock> take(Path folder) throws IOException {
        Path real = folder.toRealPath();
        if (!HELD.add(real)) {
            return Optional.empty();
        }
        Optional<FolderLock> taken = Optional.empty();
        try {
            taken = lock(real);
        } finally {
            if (taken.isEmpty()) {
                HELD.remove(real);
            }
        }
        return taken;
    }

    private static Optional<FolderLock> lock(Path folder) throws IOException {
        FileChannel file =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean isLocked = false;
        try {
            isLocked = file.tryLock() != null;
        } catch (OverlappingFileLockException e) { // by another copy of this class in this process
            isLocked = false;
        } finally {
            if (!isLocked) {
                file.close();
            }
        }
        return isLocked ? Optional.of(new FolderLock(folder, file)) : Optional.empty();
    }

    /** From now on another may use it. Idempotent. */
    @Override
    public void close() throws IOException {
        if (file.isOpen()) {
            try {
                file.close(); // and with it the lock
            } finally {
                HELD.remove(folder);
            }
        }
    }
}
