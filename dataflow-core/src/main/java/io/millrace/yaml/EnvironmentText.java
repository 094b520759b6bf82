package io.millrace.yaml;

import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text that may name variables of the environment: {@code $NAME}, {@code ${NAME}}, {@code ${NAME:-default}}; {@code $$} is a
 * dollar sign, and so is a dollar sign before anything else.
 *
 * @param text as written
 */
record EnvironmentText(String text, Location location) {
    private static final Pattern REFERENCE = Pattern.compile("\\$(?:(\\$)|([A-Za-z_][A-Za-z0-9_]*)|(\\{))");
    private static final Pattern BRACED = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(:-([^{}]*))?}");

    /** Replaces each variable once; what a variable holds is not looked at again. Empty if a problem was reported. */
    Optional<String> expand(String what, Reading reading) {
        StringBuilder expanded = new StringBuilder();
        Matcher reference = REFERENCE.matcher(text);
        Matcher braced = BRACED.matcher(text);
        int done = 0;
        boolean isComplete = true;
        while (reference.find(done)) {
            expanded.append(text, done, reference.start());
            done = reference.end();
            if (reference.group(1) != null) {
                expanded.append('$');
            } else if (reference.group(2) != null) {
                isComplete &= append(reference.group(2), null, expanded, what, reading);
            } else if (braced.region(done, text.length()).lookingAt()) {
                isComplete &= append(braced.group(1), braced.group(3), expanded, what, reading);
                done = braced.end();
            } else {
                isComplete = false;
                reading.error(
                        location,
                        "'" + what + "': " + Problem.quote(text)
                                + " has a '${' that is not followed by NAME} or NAME:-default}; write '$$' for a dollar"
                                + " sign");
            }
        }
        return isComplete
                ? Optional.of(expanded.append(text, done, text.length()).toString())
                : Optional.empty();
    }

    private boolean append(
            String name, @Nullable String otherwise, StringBuilder expanded, String what, Reading reading) {
        Map<String, String> environment = reading.environment();
        String value = environment.getOrDefault(name, "");
        if (otherwise != null) {
            expanded.append(value.isEmpty() ? otherwise : value);
            return true;
        }
        if (!environment.containsKey(name)) {
            reading.error(
                    location,
                    "'" + what + "': the environment has no variable '" + name + "': set it, or write '${" + name
                            + ":-default}', or '$$' for a dollar sign");
            return false;
        }
        expanded.append(value);
        return true;
    }
}
