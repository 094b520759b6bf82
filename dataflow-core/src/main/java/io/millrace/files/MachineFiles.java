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
        return View.INSTANCE;
    }

    public static OperatingSystem operatingSystem() {
        return OperatingSystem.named(System.getProperty("os.name", ""));
    }

    private enum View implements FileView {
        INSTANCE;

        @Override
        public Kind kind(String path) {
            try {
                Path file = Path.of(path);
                if (Files.isDirectory(file)) {
                    return Kind.DIRECTORY;
                }
                return Files.exists(file) ? Kind.FILE : Kind.MISSING;
            } catch (InvalidPathException notOfThisSystem) {
                return Kind.MISSING;
            }
        }

        @Override
        public boolean isWritable(String directory) {
            return Files.isWritable(Path.of(directory));
        }
    }
}
