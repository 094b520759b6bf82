package io.millrace.remote.wire;

import io.millrace.graph.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** A constant of an enum, by its name. */
final class EnumForm implements Form {
    private final Class<?> type;
    private final Map<String, Object> constants = new HashMap<>();

    EnumForm(Class<?> type) {
        this.type = type;
        for (Object constant : type.getEnumConstants()) {
            constants.put(((Enum<?>) constant).name(), constant);
        }
    }

    @Override
    public void write(Object value, WireWriter writer) {
        writer.writeText(((Enum<?>) value).name());
    }

    @Override
    public Object read(WireReader reader) {
        String name = reader.readText();
        Object constant = constants.get(name);
        if (constant == null) {
            throw new WireFormatException("unknown constant " + Problem.quote(name) + " of " + type.getSimpleName()
                    + ", expected one of " + new TreeSet<>(constants.keySet()));
        }
        return constant;
    }
}
