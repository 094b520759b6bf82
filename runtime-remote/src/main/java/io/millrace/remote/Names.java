package io.millrace.remote;

import java.util.regex.Pattern;

/** Names of clusters and of their members: what a dataflow file can name, and a certificate. */
final class Names {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

    private Names() {}

    /** @throws IllegalArgumentException if it cannot be one */
    static String checked(String what, String name) {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException("a " + what
                    + " has 1 to 128 letters, digits, '_', '.' and '-' and begins with a letter, a digit or '_', found '"
                    + name + "'");
        }
        return name;
    }
}
