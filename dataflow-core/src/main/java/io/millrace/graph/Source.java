package io.millrace.graph;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a node or operator is made of. */
public sealed interface Source {

    /**
     * A Java class.
     *
     * @param classpath entries as written, empty where the class comes from the application
     * @param config the {@code config} mapping: strings, booleans, numbers, lists and maps of these
     */
    record ClassSource(String className, List<String> classpath, Map<String, Object> config) implements Source {
        @Override
        public String toString() {
            return "class " + className;
        }
    }

    /**
     * Made by code of the embedding application: a new instance for each incarnation.
     *
     * @param isReactive whether it supplies operators, or nodes with their own loop
     */
    record SuppliedSource(Supplier<?> supplier, boolean isReactive, Map<String, Object> config) implements Source {
        @Override
        public String toString() {
            return "supplied in code";
        }
    }

    /**
     * A program in any language.
     *
     * @param path as written; also {@code dynamic}, {@code shell} and URLs
     * @param args one line, split by POSIX shell quoting when the program is started
     */
    record ProgramSource(String path, Optional<String> args) implements Source {
        @Override
        public String toString() {
            return "path " + path;
        }
    }

    /** An operator in Python, run by dora's own runtime process. */
    record PythonSource(String path, Optional<String> condaEnv) implements Source {
        @Override
        public String toString() {
            return "python " + path;
        }
    }

    /** An operator behind dora's C interface. */
    record SharedLibrarySource(String path) implements Source {
        @Override
        public String toString() {
            return "shared-library " + path;
        }
    }
}
