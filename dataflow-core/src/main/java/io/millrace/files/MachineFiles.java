package io.millrace.files;

import io.millrace.workdir.FileView;
import io.millrace.workdir.OperatingSystem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The file systems of this machine. Any thread; blocks. */
public final class MachineFiles {
    private MachineFiles() {}

    /** What stands at a path. */
    public static FileView view() {
        return MachineFiles::kind;
    }

    public static OperatingSystem operatingSystem() {
        return OperatingSystem.named(System.getProperty("os.name", ""));
    }

    private static FileView.Kind kind(String path) {
        try {
            Path file = Path.of(path);
            if (Files.isDirectory(file)) {
                return FileView.Kind.DIRECTORY;
            }
            return Files.exists(file) ? FileView.Kind.FILE : FileView.Kind.MISSING;
        } catch (InvalidPathException notOfThisSystem) {
            return FileView.Kind.MISSING;
        }
    }
}
