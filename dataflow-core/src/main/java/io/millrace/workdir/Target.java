package io.millrace.workdir;

import java.util.List;
import java.util.Locale;

/** What a node, or one operator of it, runs, as far as it matters for finding its files. */
public sealed interface Target {
    /** A program's path, with at least one separator. */
    record Program(String path) implements Target {
        @Override
        public List<String> paths() {
            return List.of(path);
        }

        @Override
        public List<String> fileNames(String name, OperatingSystem system) {
            return system.programNames(name);
        }
    }

    /** A program's name, without a separator. */
    record Command(String name) implements Target {
        @Override
        public List<String> fileNames(String name, OperatingSystem system) {
            return system.programNames(name);
        }
    }

    /** A script for an interpreter; unlike a program it is never looked for in PATH. */
    record Script(String path) implements Target {
        @Override
        public String key() {
            return "python";
        }

        @Override
        public List<String> paths() {
            return List.of(path);
        }
    }

    /** A shared library, with or without the system's {@code lib} and suffix. */
    record SharedLibrary(String path) implements Target {
        @Override
        public String key() {
            return "shared-library";
        }

        @Override
        public List<String> paths() {
            return List.of(path);
        }

        @Override
        public List<String> fileNames(String name, OperatingSystem system) {
            return system.libraryNames(name);
        }
    }

    /** A Java class, found on the given class path, or on the executor's own if there are no entries. */
    record JavaClass(String name, List<String> classpath) implements Target {
        public JavaClass {
            classpath = List.copyOf(classpath);
        }

        @Override
        public String key() {
            return "classpath";
        }

        @Override
        public List<String> paths() {
            return classpath.stream().filter(entry -> !isUrl(entry)).toList();
        }

        @Override
        public List<String> urls() {
            return classpath.stream().filter(Target::isUrl).toList();
        }
    }

    /** A program that somebody starts by hand, and that the node waits for. */
    record Dynamic() implements Target {}

    /** A shell command line. */
    record Shell() implements Target {}

    /** A file that would have to be downloaded, written under the given key. */
    record Url(String key, String url) implements Target {
        @Override
        public List<String> urls() {
            return List.of(url);
        }
    }

    /** The target of a node's {@code path}. */
    static Target program(String path) {
        if (isUrl(path)) {
            return new Url("path", path);
        }
        return switch (path) {
            case "dynamic" -> new Dynamic();
            case "shell" -> new Shell();
            case ".", ".." -> new Program(path);
            default -> path.contains("/") || path.contains("\\") ? new Program(path) : new Command(path);
        };
    }

    /** The target of an operator's {@code python}. */
    static Target script(String path) {
        return isUrl(path) ? new Url("python", path) : new Script(path);
    }

    /** The target of an operator's {@code shared-library}. */
    static Target sharedLibrary(String path) {
        return isUrl(path) ? new Url("shared-library", path) : new SharedLibrary(path);
    }

    /** The key under which the target is written in a dataflow file; messages name it. */
    default String key() {
        return "path";
    }

    /** The written paths that the rules resolve one by one; empty where nothing written is a path. */
    default List<String> paths() {
        return List.of();
    }

    /** What is written as a URL in place of a path. */
    default List<String> urls() {
        return List.of();
    }

    /** The names to try in turn, on one system, for a file written with this name. */
    default List<String> fileNames(String name, OperatingSystem system) {
        return List.of(name);
    }

    private static boolean isUrl(String path) {
        String start = path.substring(0, Math.min(path.length(), "https://".length()));
        String lower = start.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") || lower.startsWith("https://");
    }
}
