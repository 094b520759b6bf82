package io.millrace.yaml;

import io.millrace.graph.Location;
import io.millrace.graph.ProblemCollector;
import java.util.Map;

/**
 * What is at hand while one dataflow file is read.
 *
 * @param environment the client's variables
 */
record Reading(ProblemCollector problems, Map<String, String> environment) {

    void mismatch(String what, Written found, String expected) {
        String fix = expected.startsWith("text") && found.isScalar() ? ": put it in quotes" : "";
        problems.error(found.location(), "'" + what + "': found " + found.describe() + ", expected " + expected + fix);
    }

    void error(Location location, String message) {
        problems.error(location, message);
    }
}
