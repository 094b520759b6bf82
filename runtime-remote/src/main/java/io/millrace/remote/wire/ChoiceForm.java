package io.millrace.remote.wire;

import io.millrace.graph.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** One of the records of a sealed interface; its name goes first. */
final class ChoiceForm implements Form {
    private final Class<?> type;
    private final Map<String, Form> forms = new HashMap<>();

    ChoiceForm(Class<?> type) {
        this.type = type;
    }

    void add(String name, Form form) {
        if (forms.put(name, form) != null) {
            throw new IllegalArgumentException(type + " has two kinds of the name '" + name + "'");
        }
    }

    @Override
    public void write(Object value, WireWriter writer) {
        String name = value.getClass().getSimpleName();
        writer.writeText(name);
        form(name).write(value, writer);
    }

    @Override
    public Object read(WireReader reader) {
        return form(reader.readText()).read(reader);
    }

    private Form form(String name) {
        Form form = forms.get(name);
        if (form == null) {
            throw new WireFormatException("unknown kind " + Problem.quote(name) + " of " + type.getSimpleName()
                    + ", expected one of " + new TreeSet<>(forms.keySet()));
        }
        return form;
    }
}
