package io.millrace.remote.cli;

/** How the process logs: warnings to standard error, unless the user has a configuration of their own. */
final class Logging {
    private static final String FILE_PROPERTY = "logback.configurationFile";

    private Logging() {}

    /** To be called before anything logs. */
    static void configure(boolean verbose) {
        if (System.getProperty(FILE_PROPERTY) == null) {
            System.setProperty("millrace.log.level", verbose ? "INFO" : "WARN");
            System.setProperty("millrace.log.exception", verbose ? "%ex" : "%nopex");
            System.setProperty(FILE_PROPERTY, "io/millrace/remote/cli/logback.xml");
        }
    }
}
