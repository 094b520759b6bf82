package io.millrace.files;

import io.millrace.workdir.FileView;
import io.millrace.workdir.OperatingSystem;
import java.nio.charset.Charset;
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

    /** The JVM takes the encoding of file names from the locale that it was started in. */
    static String refusal(InvalidPathException e, String encoding) {
        if (isAbleToName(e.getInput(), encoding)) {
            return "where that cannot be a path: " + e.getReason() + ": correct it";
        }
        return "where that cannot be a path for this JVM, whose encoding of file names, '" + encoding
                + "', lacks characters of it: start the JVM in a UTF-8 locale, such as LANG=C.UTF-8 (LC_ALL, if it is"
                + " set, overrides that)";
    }

    private static boolean isAbleToName(String path, String encoding) {
        try {
            return Charset.forName(encoding).newEncoder().canEncode(path);
        } catch (IllegalArgumentException | UnsupportedOperationException noSuchEncoding) {
            return true;
        }
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
        public String refusal(String path) {
            try {
                Path unused = Path.of(path);
                return "";
            } catch (InvalidPathException e) {
                return MachineFiles.refusal(e, System.getProperty("sun.jnu.encoding", ""));
            }
        }

        @Override
        public boolean isWritable(String directory) {
            return Files.isWritable(Path.of(directory));
        }
    }
}
