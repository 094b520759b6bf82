package io.millrace.workdir;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the text of a path means on one kind of system. Works on any machine for either kind, since the client of a
 * cluster judges paths of systems it does not run on. Every function is total: no text makes it throw.
 *
 * <p>{@code ..} is treated as the system itself treats it. Windows takes away the name before it, by text. A POSIX
 * system does not: where {@code link} is a symbolic link, {@code link/../x} lies beside the link's target. So
 * {@link #POSIX} keeps {@code ..} and leaves it to the system.
 */
public enum PathSyntax {
    /** Separator {@code /}; a path is absolute if it begins with one. */
    POSIX("/") {
        @Override
        Parts split(String path) {
            return path.startsWith("/") ? new Parts("/", path) : new Parts("", path);
        }

        @Override
        public boolean isAbsolute(String path) {
            return path.startsWith("/");
        }
    },

    /**
     * Separators {@code \} and {@code /}. Absolute are {@code C:\x} and {@code \\server\share\x}; {@code \x} lies on
     * the drive of its base, and {@code C:x} below its base if that is on drive C.
     */
    WINDOWS("\\") {
        @Override
        Parts split(String path) {
            Matcher share = SHARE.matcher(path);
            if (share.lookingAt()) {
                return new Parts("\\\\" + share.group(1) + "\\" + share.group(2) + "\\", path.substring(share.end()));
            }
            boolean onDrive = DRIVE.matcher(path).lookingAt();
            String rest = onDrive ? path.substring(2) : path;
            boolean rooted = !rest.isEmpty() && isSeparator(rest.charAt(0));
            return new Parts((onDrive ? path.substring(0, 2) : "") + (rooted ? "\\" : ""), rest);
        }

        @Override
        public boolean isAbsolute(String path) {
            // "C:\" or a share; neither "\" nor "C:" says where it is without a current directory.
            return split(path).root().length() > 2;
        }
    };

    private static final Pattern SHARE = Pattern.compile("[\\\\/]{2}([^\\\\/]+)[\\\\/]+([^\\\\/]+)");
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");

    private final String separator;

    PathSyntax(String separator) {
        this.separator = separator;
    }

    /** A path's root, in the system's own spelling and empty for a path that has none, and what follows it. */
    record Parts(String root, String rest) {}

    abstract Parts split(String path);

    /** Whether the path needs no other directory to be understood on this kind of system. */
    public abstract boolean isAbsolute(String path);

    /** Whether the path is absolute by the rules of either system: all that a client can say about an executor's. */
    public static boolean isAbsoluteSomewhere(String path) {
        return POSIX.isAbsolute(path) || WINDOWS.isAbsolute(path);
    }

    /**
     * The path as seen from an absolute base directory: itself if it is absolute, else below the base (or, for the
     * Windows form {@code \x}, on its drive). Separators are the system's, repeated ones and {@code .} are gone, and
     * {@code ..} never leads above the root. The result is absolute, except for a Windows path such as {@code C:x}
     * from a base on another drive: only the current directory of drive C, which nobody here knows, could complete it.
     */
    public String resolve(String base, String path) {
        Parts from = split(base);
        Parts to = split(path);
        if (to.root().isEmpty() || from.root().equalsIgnoreCase(to.root() + "\\")) {
            return join(from.root(), names(from.rest() + separator + to.rest()));
        }
        boolean onDriveOfBase = to.root().equals("\\");
        return join(onDriveOfBase ? from.root() : to.root(), names(to.rest()));
    }

    /** The last name of a resolved path; empty for a root. */
    String name(String resolved) {
        List<String> names = names(split(resolved).rest());
        return names.isEmpty() ? "" : names.get(names.size() - 1);
    }

    /** The directory that holds a resolved path; a root for a root. */
    String parent(String resolved) {
        Parts parts = split(resolved);
        List<String> names = names(parts.rest());
        return join(parts.root(), names.subList(0, Math.max(0, names.size() - 1)));
    }

    private String join(String root, List<String> names) {
        List<String> kept = new ArrayList<>();
        for (String name : names) {
            if (!name.equals("..")) {
                kept.add(name);
            } else if (!kept.isEmpty() && this == POSIX) {
                kept.add(name);
            } else if (!kept.isEmpty()) {
                kept.remove(kept.size() - 1);
            }
        }
        return root + String.join(separator, kept);
    }

    private List<String> names(String rest) {
        List<String> names = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= rest.length(); i++) {
            if (i == rest.length() || isSeparator(rest.charAt(i))) {
                String name = rest.substring(start, i);
                if (!name.isEmpty() && !name.equals(".")) {
                    names.add(name);
                }
                start = i + 1;
            }
        }
        return names;
    }

    boolean isSeparator(char c) {
        return c == '/' || (c == '\\' && this == WINDOWS);
    }
}
