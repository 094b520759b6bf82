package io.millrace.remote.cli;

import io.millrace.graph.Build;
import java.nio.file.Path;
import java.util.Map;

/**
 * One build command of one node, ready to be run.
 *
 * @param directory may still have to be made, if the file asks for it
 * @param environment all variables, not only the node's own
 */
record BuildStep(String node, Build.Command command, Path directory, Map<String, String> environment) {
    BuildStep {
        environment = Map.copyOf(environment);
    }
}
