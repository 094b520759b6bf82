package io.millrace.remote.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A map from text to values of one type, in the order of its keys, whatever order it had. */
final class MapForm implements Form {
    private final Form element;

    MapForm(Form element) {
        this.element = element;
    }

    @Override
    public void write(Object value, WireWriter writer) {
        Map<String, Object> sorted = new TreeMap<>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw new WireFormatException("a map's key is " + entry.getKey() + ", expected text");
            }
            sorted.put(key, entry.getValue());
        }
        writer.enter();
        writer.writeCount(sorted.size());
        for (Map.Entry<String, Object> entry : sorted.entrySet()) {
            writer.writeText(entry.getKey());
            try {
                element.write(entry.getValue(), writer);
            } catch (WireFormatException e) {
                throw e.within("[" + entry.getKey() + "]");
            }
        }
        writer.leave();
    }

    @Override
    public Object read(WireReader reader) {
        reader.enter();
        int count = reader.readCount();
        Map<String, Object> values = new LinkedHashMap<>();
        String last = "";
        for (int i = 0; i < count; i++) {
            String key = reader.readText();
            if (i > 0 && key.compareTo(last) <= 0) {
                throw new WireFormatException("a map whose keys do not ascend");
            }
            values.put(key, element.read(reader));
            last = key;
        }
        reader.leave();
        return Collections.unmodifiableMap(values);
    }
}
