package io.millrace.graph;

/** What the name of a dataflow may look like: it stands in names of threads and files, and in lines of logs. */
public final class DataflowNames {
    private static final int MAX_LENGTH = 128;

    /** The end of a sentence that begins with a name that is none. */
    public static final String EXPECTED = "text of 1 to " + MAX_LENGTH + " characters in one line";

    private DataflowNames() {}

    public static boolean isName(String text) {
        return !text.isBlank()
                && text.length() <= MAX_LENGTH
                && text.codePoints().noneMatch(Character::isISOControl);
    }
}
