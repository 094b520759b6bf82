package io.millrace.yaml;

import io.millrace.graph.Location;
import io.millrace.workdir.Variables;
import java.util.Optional;

/**
 * A text that may name {@link Variables} of the environment.
 *
 * @param text as written
 */
record EnvironmentText(String text, Location location) {

    /** Replaces each variable once; what a variable holds is not looked at again. Empty if a problem was reported. */
    Optional<String> expand(Place what, Reading reading) {
        return text.indexOf('$') < 0
                ? Optional.of(text)
                : expanded(Variables.expand(text, reading.environment()), what, reading);
    }

    /** As {@link #expand}, for a path. */
    Optional<String> expandPath(Place what, Reading reading) {
        return text.indexOf('$') < 0
                ? Optional.of(text)
                : expanded(Variables.expandPath(text, reading.environment()), what, reading);
    }

    private Optional<String> expanded(Variables variables, Place what, Reading reading) {
        for (String fault : variables.faults()) {
            reading.problems().error(location, () -> "'" + what + "': " + fault);
        }
        return variables.expanded().filter(value -> reading.admits(value, location));
    }
}
