package io.millrace.remote.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A map from text to values of one type. */
final class MapForm implements Form {
    private final Form element;
    private final boolean keepsOrder;

    private MapForm(Form element, boolean keepsOrder) {
        this.element = element;
        this.keepsOrder = keepsOrder;
    }

    /** In the order of its keys, whatever order it had. */
    static MapForm sorted(Form element) {
        return new MapForm(element, false);
    }

    /** In the order that it has, which its reader is to find again. */
    static MapForm inItsOrder(Form element) {
        return new MapForm(element, true);
    }

    @Override
    public void write(Object value, WireWriter writer) {
        Map<String, Object> entries = keepsOrder ? new LinkedHashMap<>() : new TreeMap<>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw new WireFormatException("a map's key is " + entry.getKey() + ", expected text");
            }
            entries.put(key, entry.getValue());
        }
        writer.enter();
        writer.writeCount(entries.size());
        for (Map.Entry<String, Object> entry : entries.entrySet()) {
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
            if (!keepsOrder && i > 0 && key.compareTo(last) <= 0) {
                throw new WireFormatException("a map whose keys do not ascend");
            }
            if (values.containsKey(key)) {
                throw new WireFormatException("a map with the key '" + key + "' twice");
            }
            values.put(key, element.read(reader));
            last = key;
        }
        reader.leave();
        return Collections.unmodifiableMap(values);
    }
}
