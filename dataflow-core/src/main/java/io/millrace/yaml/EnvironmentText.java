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
        if (text.indexOf('$') < 0) {
            return Optional.of(text);
        }
        Variables variables = Variables.expand(text, reading.environment());
        for (String fault : variables.faults()) {
            reading.problems().error(location, () -> "'" + what + "': " + fault);
        }
        return variables.expanded().filter(expanded -> reading.admits(expanded, location));
    }
}
