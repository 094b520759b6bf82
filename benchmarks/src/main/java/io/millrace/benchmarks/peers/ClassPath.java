package io.millrace.benchmarks.peers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where a JVM finds its classes. */
enum ClassPath {
    /** As here: what the peers bring is a hundred jars, and one with tens of thousands of entries. */
    OF_ALL {
        @Override
        List<String> options() {
            return List.of("-cp", System.getProperty("java.class.path"));
        }
    },
    /** As an application has it that uses the local runtime and nothing else: its own classes, and the jars that come with that module. */
    OF_AN_APPLICATION {
        @Override
        List<String> options() throws IOException {
            return List.of("-cp", OWN + File.pathSeparator + jars());
        }
    },
    /** The same, with the jars as modules. */
    OF_MODULES {
        @Override
        List<String> options() throws IOException {
            return List.of("--module-path", jars(), "--add-modules", "ALL-MODULE-PATH", "-cp", OWN.toString());
        }
    };

    /** From the root of the repository, where the scripts run the benchmarks from. */
    private static final Path OWN = Path.of("benchmarks", "target", "classes");

    private static final List<String> JARS =
            List.of("runtime-local", "dataflow-core", "snakeyaml", "agrona", "HdrHistogram", "slf4j-api");

    /** What the JVM is told. */
    abstract List<String> options() throws IOException;

    private static String jars() throws IOException {
        List<String> entries = new ArrayList<>();
        for (String jar : JARS) {
            entries.add(entry(jar));
        }
        return String.join(File.pathSeparator, entries);
    }

    /** Of the class path here. */
    private static String entry(String jar) throws IOException {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (Path.of(entry).getFileName().toString().matches(jar + "-[0-9].*\\.jar")) {
                return entry;
            }
        }
        throw new IOException("there is no " + jar + "-VERSION.jar on the class path: use benchmarks/peers");
    }
}
