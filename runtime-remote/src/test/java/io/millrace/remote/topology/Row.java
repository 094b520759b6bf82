package io.millrace.remote.topology;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A row of the working-directory table, as one node of one dataflow.
 *
 * @param yaml of the node, below its id; MACHINE and HERE stand for both
 * @param options of the command
 * @param whereLocal what is to come of it where the executor is on the client's host
 * @param elsewhere and where it is not
 */
record Row(String name, String yaml, String options, Outcome whereLocal, Outcome elsewhere) {

    /**
     * @param workingDirectory that the node sees, or a begin of it that ends with a star; null where it is not to run
     * @param origin where its code is, likewise
     * @param said what has to be said on standard error, where anything is
     */
    record Outcome(
            @Nullable String workingDirectory, @Nullable String origin, String... said) {}

    static Outcome runs(String workingDirectory, String origin, String... said) {
        return new Outcome(workingDirectory, origin, said);
    }

    static Outcome isRefused(String... said) {
        return new Outcome(null, null, said);
    }

    static Row same(String name, String yaml, String options, Outcome everywhere) {
        return new Row(name, yaml, options, everywhere, everywhere);
    }

    static String filled(String text, Path here, String machine) {
        return text.replace("HERE", here.toString()).replace("MACHINE", machine);
    }

    @Override
    public String toString() {
        return name;
    }
}
