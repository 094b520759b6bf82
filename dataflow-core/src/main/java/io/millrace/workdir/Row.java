package io.millrace.workdir;

/**
 * The table of where a node's files are, one constant a row. "Flow dir" is the directory of the dataflow file on the
 * client; a node is local if it sees that directory at the same place. {@link #toString()} is how messages cite a row.
 */
public enum Row {
    /** The client checks that the file exists. Runs in the flow dir; the path is below the flow dir. */
    LOCAL_RELATIVE("local node, no working_dir, relative path"),

    /** The client checks that the file exists. Runs in the flow dir. */
    LOCAL_ABSOLUTE("local node, no working_dir, absolute path"),

    /**
     * The client checks that the file exists below {@code working_dir}. Runs in {@code working_dir}, itself seen from
     * the flow dir; the path is below it.
     */
    LOCAL_WORKING_DIR_RELATIVE("local node, working_dir given, relative path"),

    /** The client checks that the file exists. Runs in {@code working_dir}, seen from the flow dir. */
    LOCAL_WORKING_DIR_ABSOLUTE("local node, working_dir given, absolute path"),

    /**
     * The client checks nothing. Runs in {@code working_dir}, seen from the executor's base directory; a relative path
     * is below it.
     */
    NOT_LOCAL_WORKING_DIR("node not local, working_dir given"),

    /**
     * The client checks nothing. Runs in the home directory of the executor's user, with a warning; an error where a
     * {@code working_dir} is required.
     */
    NOT_LOCAL_ABSOLUTE("node not local, no working_dir, absolute path"),

    /** An error: nothing says what the path is relative to. */
    NOT_LOCAL_RELATIVE("node not local, no working_dir, relative path"),

    /**
     * {@code distribute: ship}. The client checks as for a local node. Runs in {@code working_dir}, else in a fresh
     * directory per job and node below the executor's base directory; the file is the executor's copy.
     */
    SHIPPED("distribute: ship"),

    /**
     * A program without a separator. The client checks nothing. Runs where a node with an absolute path would; the
     * program is looked for in the working directory, the virtual environment and PATH, in this order.
     */
    BARE_COMMAND("bare command"),

    /** The client checks nothing, and no file is looked for. Runs where a shipped node would. */
    CLASS_WITHOUT_CLASSPATH("class without classpath"),

    /** A node that is started from outside, or would have to be downloaded: no file, and no working directory. */
    NOT_A_PATH("not a path");

    private final String text;

    Row(String text) {
        this.text = text;
    }

    static Row ofPath(boolean local, boolean workingDirGiven, boolean absolute) {
        if (!local) {
            return workingDirGiven ? NOT_LOCAL_WORKING_DIR : absolute ? NOT_LOCAL_ABSOLUTE : NOT_LOCAL_RELATIVE;
        }
        if (workingDirGiven) {
            return absolute ? LOCAL_WORKING_DIR_ABSOLUTE : LOCAL_WORKING_DIR_RELATIVE;
        }
        return absolute ? LOCAL_ABSOLUTE : LOCAL_RELATIVE;
    }

    @Override
    public String toString() {
        return text;
    }
}
