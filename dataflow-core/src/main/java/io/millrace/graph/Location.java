package io.millrace.graph;

/**
 * A place in a dataflow file, or {@link #NONE} for what was built in code.
 *
 * @param file the file's name as the user gave it
 * @param line 1-based; 0 where only the file is known
 * @param column 1-based; 0 where only the line is known
 */
public record Location(String file, int line, int column) implements Comparable<Location> {
    /** Of a node that was not read from a file. */
    public static final Location NONE = new Location("", 0, 0);

    public static Location of(String file) {
        return new Location(file, 0, 0);
    }

    @Override
    public int compareTo(Location other) {
        int byFile = file.compareTo(other.file);
        if (byFile != 0) {
            return byFile;
        }
        int byLine = Integer.compare(line, other.line);
        return byLine != 0 ? byLine : Integer.compare(column, other.column);
    }

    /** {@code flow.yml:14:7}, with the parts that are known; empty for {@link #NONE}. */
    @Override
    public String toString() {
        if (line == 0) {
            return file;
        }
        return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
    }
}
