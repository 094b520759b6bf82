package io.millrace.codec;

import org.jspecify.annotations.Nullable;

/** What a component of a record may be, with the bytes that it takes in the fixed part. */
enum Kind {
    BOOLEAN("boolean", 1),
    BYTE("byte", 1),
    SHORT("short", 2),
    CHAR("char", 2),
    INT("int", 4),
    LONG("long", 8),
    FLOAT("float", 4),
    DOUBLE("double", 8),
    /** The constant's ordinal, -1 for null. */
    ENUM("enum", 2),
    /** Where the text ends in the payload; its complement for null. */
    TEXT("String", 4);

    private final String word;
    private final int bytes;

    Kind(String word, int bytes) {
        this.word = word;
        this.bytes = bytes;
    }

    String word() {
        return word;
    }

    int bytes() {
        return bytes;
    }

    /** Null for what cannot be a component, and for a record. */
    static @Nullable Kind of(Class<?> type) {
        if (type.isEnum()) {
            return ENUM;
        }
        if (type == String.class) {
            return TEXT;
        }
        for (Kind kind : values()) {
            if (type.isPrimitive() && type.getName().equals(kind.word)) {
                return kind;
            }
        }
        return null;
    }
}
