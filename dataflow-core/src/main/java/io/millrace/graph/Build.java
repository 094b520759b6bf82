package io.millrace.graph;

import java.util.List;

/**
 * What builds a program before it is run, as {@code millrace build} does.
 *
 * @param commands one for each line that is not blank, in order
 */
public record Build(List<Command> commands) {
    public Build {
        commands = List.copyOf(commands);
    }

    /**
     * A program with its arguments.
     *
     * @param line as written, without the blanks around it
     * @param location of the line, as far as the file tells it
     */
    public record Command(String line, Location location) {}
}
