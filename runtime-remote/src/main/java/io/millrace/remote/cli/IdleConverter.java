package io.millrace.remote.cli;

import io.millrace.graph.Execution.Idle;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the keys that a dataflow file has for {@code idle}. */
final class IdleConverter implements ITypeConverter<Idle>, Iterable<String> {
    private static final List<String> KEYS =
            Arrays.stream(Idle.values()).map(Idle::key).toList();

    @Override
    public Idle convert(String value) {
        return Arrays.stream(Idle.values())
                .filter(idle -> idle.key().equals(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "expected one of " + String.join(", ", KEYS) + ", found '" + value + "'"));
    }

    /** What a shell completes. */
    @Override
    public Iterator<String> iterator() {
        return KEYS.iterator();
    }
}
