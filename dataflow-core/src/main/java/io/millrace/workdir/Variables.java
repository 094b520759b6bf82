package io.millrace.workdir;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What variables of an environment in a text stand for: {@code $NAME}, {@code ${NAME}}, {@code ${NAME:-default}}; {@code $$} is a dollar sign, and so is a dollar sign
 * before anything else.
 *
 * @param expanded empty if there are faults
 * @param faults what is wrong, each for the end of a sentence that begins with where
 */
public record Variables(Optional<String> expanded, List<String> faults) {
    private static final Pattern REFERENCE = Pattern.compile("\\$(?:(\\$)|([A-Za-z_][A-Za-z0-9_]*)|(\\{))");
    private static final Pattern BRACED = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(:-([^{}]*))?}");

    /** Longer paths are none that anyone means, and would be dear where others are put together of them. */
    public static final int LONGEST_PATH = 4_096;

    /** The longest text that comes of one with variables. */
    static final int MAX_LENGTH = 1 << 20;

    /** Further ones in the same text are not looked for. */
    private static final int MAX_FAULTS = 4;

    public Variables {
        faults = List.copyOf(faults);
    }

    /** Replaces each variable once; what a variable holds is not looked at again. Pure, and of bounded time and memory. */
    public static Variables expand(String text, Map<String, String> environment) {
        return expand(text, environment, MAX_LENGTH);
    }

    /** As {@link #expand}, for a path: what comes of it must have at most {@value #LONGEST_PATH} characters, and not be blank. */
    public static Variables expandPath(String text, Map<String, String> environment) {
        Variables variables = expand(text, environment, LONGEST_PATH);
        return variables.expanded.filter(String::isBlank).isEmpty()
                ? variables
                : new Variables(
                        Optional.empty(),
                        List.of("what the variables in '" + Wording.shortened(text)
                                + "' stand for is blank: set them, or leave the key out"));
    }

    private static Variables expand(String text, Map<String, String> environment, int longest) {
        StringBuilder expanded = new StringBuilder();
        Set<String> faults = new LinkedHashSet<>(); // the same one is said once
        Matcher reference = REFERENCE.matcher(text);
        Matcher braced = BRACED.matcher(text);
        int done = 0;
        while (faults.size() < MAX_FAULTS && expanded.length() <= longest && reference.find(done)) {
            expanded.append(text, done, reference.start());
            done = reference.end();
            if (reference.group(1) != null) {
                expanded.append('$');
            } else if (reference.group(2) != null) {
                append(reference.group(2), null, environment, expanded, faults);
            } else if (braced.region(done, text.length()).lookingAt()) {
                append(braced.group(1), braced.group(3), environment, expanded, faults);
                done = braced.end();
            } else {
                faults.add("'" + Wording.shortened(text)
                        + "' has a '${' that is not followed by NAME} or NAME:-default}; write '$$' for a dollar sign");
            }
        }
        expanded.append(text, done, text.length());
        if (faults.isEmpty() && expanded.length() > longest) {
            faults.add("the variables in '" + Wording.shortened(text) + "' make a text of more than " + longest
                    + " characters of it: name shorter ones");
        }
        return new Variables(
                faults.isEmpty() ? Optional.of(expanded.toString()) : Optional.empty(), List.copyOf(faults));
    }

    private static void append(
            String name,
            @Nullable String otherwise,
            Map<String, String> environment,
            StringBuilder expanded,
            Set<String> faults) {
        String value = environment.getOrDefault(name, "");
        if (otherwise != null) {
            expanded.append(value.isEmpty() ? otherwise : value);
        } else if (environment.containsKey(name)) {
            expanded.append(value);
        } else {
            String shown = Wording.shortened(name);
            faults.add("the environment has no variable '" + shown + "': set it, or write '${" + shown
                    + ":-default}', or '$$' for a dollar sign");
        }
    }
}
