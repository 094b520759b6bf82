package io.millrace.remote.cli;

/** How the process logs: warnings to standard error, unless the user has a configuration of their own. */
final class Logging {
    private static final String FILE_PROPERTY = "logback.configurationFile";

    private Logging() {}

    /** To be called before anything logs. */
    static void configure(boolean verbose) {
        if (System.getProperty(FILE_PROPERTY) == null) {
            // Not at the root of the class path, where they would configure the applications that have our jar.
            String name = verbose ? "logback-verbose.xml" : "logback.xml";
            System.setProperty(FILE_PROPERTY, "io/millrace/remote/cli/" + name);
        }
    }
}
