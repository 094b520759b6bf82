package io.millrace.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where runs of this user have their files unless another place is named: in the directory for temporary files, which is everybody's on Linux, one that only this user can
 * look into. Elsewhere each user has a directory for temporary files already. Any thread; blocks on the file system.
 */
public final class UserDirectory {
    private static final Path OWN_PROCESS = Path.of("/proc/self"); // a link of root's to one that is the user's
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<?> PRIVATE_DIRECTORY = PosixFilePermissions.asFileAttribute(PRIVATE);

    private UserDirectory() {}

    /** Its path, whether it was made or not. */
    public static Path path() {
        return Path.of(System.getProperty("java.io.tmpdir"), "millrace" + suffix())
                .toAbsolutePath();
    }

    private static String suffix() {
        try {
            return Files.exists(OWN_PROCESS) ? "-" + Files.getAttribute(OWN_PROCESS, "unix:uid") : "";
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "-" + System.getProperty("user.name");
        }
    }

    /**
     * Makes it, or sees that the one that is there is this user's alone.
     *
     * @throws java.nio.file.NoSuchFileException if the one that was there is taken away at the same time
     * @throws IOException if it cannot be made, or others may write to it
     */
    public static void make() throws IOException {
        make(path());
    }

    static void make(Path directory) throws IOException {
        if (!Files.exists(OWN_PROCESS)) {
            Files.createDirectories(directory);
            return;
        }
        try {
            Files.createDirectory(directory, PRIVATE_DIRECTORY);
        } catch (FileAlreadyExistsException e) {
            requirePrivate(directory);
        }
    }

    private static void requirePrivate(Path directory) throws IOException {
        PosixFileAttributes found =
                Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isDirectory()
                || !found.owner().equals(Files.getOwner(OWN_PROCESS))
                || !found.permissions().equals(PRIVATE)) {
            throw new IOException("'" + directory
                    + "' is not a directory of this user's with mode 0700: delete it, or choose another directory for"
                    + " temporary files with -Djava.io.tmpdir");
        }
    }
}
