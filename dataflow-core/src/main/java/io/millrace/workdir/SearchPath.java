package io.millrace.workdir;

import java.util.List;
import java.util.Optional;

/**
 * Where an executor finds commands beside the working directory.
 *
 * @param virtualEnvBin the directory of programs of the active virtual environment
 * @param entries of PATH; a relative one is seen from the working directory, where the program will run
 */
public record SearchPath(Optional<String> virtualEnvBin, List<String> entries) {
    public SearchPath {
        entries = List.copyOf(entries);
    }

    String inWords() {
        return virtualEnvBin.map(bin -> "the virtual environment '" + bin + "'").orElse("no virtual environment active")
                + (entries.isEmpty() ? ", and an empty PATH" : ", and PATH '" + String.join("', '", entries) + "'");
    }
}
