package io.millrace.remote.cli;

/** What nodes threw, in words. */
final class Failures {
    private Failures() {}

    /** {@code node 'parser' failed: …}. */
    static String line(String node, Throwable error) {
        return "node '" + node + "' failed: " + message(error);
    }

    /** The exception and its message in one line; of our own exceptions the message, which says it all. */
    static String message(Throwable error) {
        String message = error.getMessage();
        boolean ours = error.getClass().getName().startsWith("io.millrace.");
        return Printable.line(ours && message != null ? message : error.toString());
    }
}
