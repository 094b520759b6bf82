package io.millrace.yaml;

/** A key of a mapping with the type of its value. One key may stand in several mappings, and under other names there. */
final class Key<T> {
    private final String name;
    private final ValueType<T> type;

    /** @param name its name in dora 1.x and in ours */
    Key(String name, ValueType<T> type) {
        this.name = name;
        this.type = type;
    }

    String name() {
        return name;
    }

    ValueType<T> type() {
        return type;
    }

    @Override
    public String toString() {
        return name;
    }
}
