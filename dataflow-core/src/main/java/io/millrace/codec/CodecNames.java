package io.millrace.codec;

/** The ids of Millrace's own codecs, and what to call an id of which only the number is known. */
final class CodecNames {
    static final int BOOLEAN = 0x100;
    static final int BYTE = 0x101;
    static final int SHORT = 0x102;
    static final int CHAR = 0x103;
    static final int INT = 0x104;
    static final int LONG = 0x105;
    static final int FLOAT = 0x106;
    static final int DOUBLE = 0x107;

    /** Added to the id of a primitive type. */
    static final int ARRAY_OF = 0x10;

    /** The first id of a record's codec. */
    static final int FIRST_RECORD = 0x8000;

    private CodecNames() {}

    static String of(int id) {
        return switch (id) {
            case 0 -> "bytes (" + number(id) + ")";
            case 1 -> "UTF-8 text (" + number(id) + ")";
            case 2 -> "JSON (" + number(id) + ")";
            case 3 -> "an Arrow IPC stream (" + number(id) + ")";
            default -> ofCodec(id);
        };
    }

    private static String ofCodec(int id) {
        if (id >= FIRST_RECORD) {
            return "a record of other components or another name (" + number(id) + ")";
        }
        if (id >= Codec.FIRST_OWN_ID) {
            return "what a codec of the application writes (" + number(id) + ")";
        }
        if (id >= BOOLEAN && id <= DOUBLE) {
            return "a " + primitive(id) + " (" + number(id) + ")";
        }
        if (id >= BOOLEAN + ARRAY_OF && id <= DOUBLE + ARRAY_OF && id != BYTE + ARRAY_OF) {
            return "an array of " + primitive(id - ARRAY_OF) + "s (" + number(id) + ")";
        }
        return "something that this version does not know (" + number(id) + ")";
    }

    static String primitive(int id) {
        return switch (id) {
            case BOOLEAN -> "boolean";
            case BYTE -> "byte";
            case SHORT -> "short";
            case CHAR -> "char";
            case INT -> "int";
            case LONG -> "long";
            case FLOAT -> "float";
            case DOUBLE -> "double";
            default -> throw new IllegalArgumentException("no primitive type has the id " + id);
        };
    }

    static String number(int id) {
        return id < 0x100 ? "format " + id : "codec " + id;
    }
}
