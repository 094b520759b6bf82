package io.millrace.yaml;

import io.millrace.graph.Build;
import io.millrace.graph.Location;
import io.millrace.yaml.Written.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Text of which each line that is not blank is a command. */
final class BuildType implements ValueType<Build> {
    @Override
    public String expected() {
        return "text";
    }

    @Override
    public Optional<Build> read(Place what, Written value, Reading reading) {
        if (!value.is(Kind.TEXT)) {
            reading.mismatch(what, value, expected());
            return Optional.empty();
        }
        List<Build.Command> commands = new ArrayList<>();
        String[] lines = value.text().split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (!lines[i].isBlank()) {
                commands.add(new Build.Command(lines[i].strip(), place(value, i)));
            }
        }
        return Optional.of(new Build(commands));
    }

    /** Only in a literal block does the file have the lines of the text, one below the other, from the line behind the {@code |} on. */
    private static Location place(Written value, int line) {
        Location begin = value.location();
        return value.isLiteralBlock() ? new Location(begin.file(), begin.line() + 1 + line, 0) : begin;
    }
}
