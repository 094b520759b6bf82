package io.millrace.workdir;

import java.util.List;
import java.util.Locale;

/** The kinds of operating system that the rules tell apart: by what a path means, and by what built files are called. */
public enum OperatingSystem {
    /** Linux, and any POSIX system that calls its shared libraries {@code libNAME.so}. */
    LINUX(PathSyntax.POSIX, ".so"),
    MACOS(PathSyntax.POSIX, ".dylib"),
    WINDOWS(PathSyntax.WINDOWS, ".dll");

    private final PathSyntax pathSyntax;
    private final String librarySuffix;

    OperatingSystem(PathSyntax pathSyntax, String librarySuffix) {
        this.pathSyntax = pathSyntax;
        this.librarySuffix = librarySuffix;
    }

    /** The system that the JVM's property {@code os.name} stands for. */
    public static OperatingSystem named(String osName) {
        String name = osName.toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            return WINDOWS;
        }
        return name.startsWith("mac") || name.startsWith("darwin") ? MACOS : LINUX;
    }

    public PathSyntax pathSyntax() {
        return pathSyntax;
    }

    /** The file names that a shared library written as {@code name} may have, as written first. */
    List<String> libraryNames(String name) {
        String prefixed = "lib" + name + librarySuffix;
        return this == WINDOWS ? List.of(name, name + librarySuffix, prefixed) : List.of(name, prefixed);
    }

    /** The file names that a program written as {@code name} may have, as written first. */
    List<String> programNames(String name) {
        return this == WINDOWS && !name.contains(".") ? List.of(name, name + ".exe") : List.of(name);
    }
}
