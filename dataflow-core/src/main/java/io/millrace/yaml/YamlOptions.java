package io.millrace.yaml;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How a dataflow file is read.
 *
 * @param environment the variables that {@code $NAME} may name; nothing else is ever looked up
 * @param strictTypes whether a difference between declared types is an error even if the file does not ask for it
 * @param directory the flow dir; empty for the file's own directory, or for the current one where there is no file
 * @param forCluster whether paths stay as they are written, with what their variables stand for beside them, where a node does not say whether it is local
 */
public record YamlOptions(
        Map<String, String> environment, boolean strictTypes, Optional<Path> directory, boolean forCluster) {

    public YamlOptions {
        environment = Map.copyOf(environment);
    }

    /** With these variables and nothing else out of the ordinary. */
    public static YamlOptions of(Map<String, String> environment) {
        return new YamlOptions(environment, false, Optional.empty(), false);
    }
}
