package io.millrace.remote.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A list of values of one type. */
final class ListForm implements Form {
    /** More is taken as elements come: a length alone is cheap to send. */
    static final int FIRST_CAPACITY = 64;

    private final Form element;

    ListForm(Form element) {
        this.element = element;
    }

    @Override
    public void write(Object value, WireWriter writer) {
        List<?> list = (List<?>) value;
        writer.enter();
        writer.writeCount(list.size());
        int at = 0;
        for (Object next : list) {
            try {
                element.write(next, writer);
            } catch (WireFormatException e) {
                throw e.within("[" + at + "]");
            }
            at++;
        }
        writer.leave();
    }

    @Override
    public Object read(WireReader reader) {
        reader.enter();
        int count = reader.readCount();
        List<Object> values = new ArrayList<>(Math.min(count, FIRST_CAPACITY));
        for (int i = 0; i < count; i++) {
            try {
                values.add(element.read(reader));
            } catch (WireFormatException e) {
                throw e.within("[" + i + "]");
            }
        }
        reader.leave();
        return Collections.unmodifiableList(values);
    }
}
