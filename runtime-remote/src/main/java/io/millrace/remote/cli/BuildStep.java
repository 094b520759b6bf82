package io.millrace.remote.cli;

import io.millrace.graph.Build;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One build command of one node, ready to be run.
 *
 * @param words the program and its arguments
 * @param directory may still have to be made, if the file asks for it
 * @param environment all variables, not only the node's own
 */
record BuildStep(
        String node, Build.Command command, List<String> words, Path directory, Map<String, String> environment) {
    BuildStep {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }
}
