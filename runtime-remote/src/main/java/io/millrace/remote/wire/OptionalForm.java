package io.millrace.remote.wire;

import java.util.Optional;

/** A value that may be missing. */
final class OptionalForm implements Form {
    private final Form element;

    OptionalForm(Form element) {
        this.element = element;
    }

    @Override
    public void write(Object value, WireWriter writer) {
        Optional<?> optional = (Optional<?>) value;
        writer.writeBoolean(optional.isPresent());
        if (optional.isPresent()) {
            element.write(optional.get(), writer);
        }
    }

    @Override
    public Object read(WireReader reader) {
        return reader.readBoolean() ? Optional.of(element.read(reader)) : Optional.empty();
    }
}
