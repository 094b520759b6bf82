package io.millrace.local.nativecode;

/** Arrow's types, between how a stream describes them and how the C data interface writes them. */
final class FlatTypes {
    private static final int NULL = 1;
    private static final int INT = 2;
    private static final int FLOAT = 3;
    private static final int BINARY = 4;
    private static final int UTF8 = 5;
    private static final int BOOL = 6;
    private static final int DATE = 8;
    private static final int TIME = 9;
    private static final int TIMESTAMP = 10;
    private static final int LIST = 12;
    private static final int STRUCT = 13;
    private static final int FIXED_BINARY = 15;
    private static final int FIXED_LIST = 16;
    private static final int DURATION = 18;
    private static final int LARGE_BINARY = 19;
    private static final int LARGE_UTF8 = 20;
    private static final int LARGE_LIST = 21;

    private static final String[] NAMES = {
        "nothing",
        "Null",
        "Int",
        "FloatingPoint",
        "Binary",
        "Utf8",
        "Bool",
        "Decimal",
        "Date",
        "Time",
        "Timestamp",
        "Interval",
        "List",
        "Struct",
        "Union",
        "FixedSizeBinary",
        "FixedSizeList",
        "Map",
        "Duration",
        "LargeBinary",
        "LargeUtf8",
        "LargeList",
        "RunEndEncoded",
        "BinaryView",
        "Utf8View",
        "ListView",
        "LargeListView"
    };

    /** By unit: seconds, milliseconds, microseconds, nanoseconds. */
    private static final String UNITS = "smun";

    private static final int MILLISECONDS = 1;
    private static final int FIELD_TYPE = 3;

    private FlatTypes() {}

    /** @param field whose type is of that kind */
    static ArrowFormat read(int kind, FlatTable field) {
        FlatTable type = field.getTable(FIELD_TYPE);
        return ArrowFormat.parse(
                switch (kind) {
                    case NULL -> "n";
                    case BOOL -> "b";
                    case INT -> integer(type);
                    case FLOAT -> at("efg", type.getShort(0, 0));
                    case BINARY -> "z";
                    case UTF8 -> "u";
                    case LARGE_BINARY -> "Z";
                    case LARGE_UTF8 -> "U";
                    case DATE -> type.getShort(0, MILLISECONDS) == 0 ? "tdD" : "tdm";
                    case TIME -> "tt" + at(UNITS, type.getShort(0, MILLISECONDS));
                    case TIMESTAMP -> "ts" + at(UNITS, type.getShort(0, 0)) + ":" + type.getText(1);
                    case DURATION -> "tD" + at(UNITS, type.getShort(0, MILLISECONDS));
                    case FIXED_BINARY -> "w:" + type.getInt(0, 0);
                    case LIST -> "+l";
                    case LARGE_LIST -> "+L";
                    case FIXED_LIST -> "+w:" + type.getInt(0, 0);
                    case STRUCT -> "+s";
                    default ->
                        throw UnsupportedArrayException.of(
                                "Arrow's type " + (kind > 0 && kind < NAMES.length ? NAMES[kind] : "number " + kind));
                });
    }

    private static String integer(FlatTable type) {
        boolean isSigned = type.getByte(1) != 0;
        return switch (type.getInt(0, 0)) {
            case 8 -> isSigned ? "c" : "C";
            case 16 -> isSigned ? "s" : "S";
            case 32 -> isSigned ? "i" : "I";
            case 64 -> isSigned ? "l" : "L";
            default -> throw FlatTable.broken();
        };
    }

    private static String at(String letters, int index) {
        if (index < 0 || index >= letters.length()) {
            throw FlatTable.broken();
        }
        return letters.substring(index, index + 1);
    }

    /** The kind's number. */
    static int kind(ArrowFormat format) {
        String text = format.text();
        return switch (text.charAt(0)) {
            case 'n' -> NULL;
            case 'b' -> BOOL;
            case 'c', 'C', 's', 'S', 'i', 'I', 'l', 'L' -> INT;
            case 'e', 'f', 'g' -> FLOAT;
            case 'z' -> BINARY;
            case 'Z' -> LARGE_BINARY;
            case 'u' -> UTF8;
            case 'U' -> LARGE_UTF8;
            case 'w' -> FIXED_BINARY;
            case 't' -> timeKind(text.charAt(1));
            default -> nestedKind(text.charAt(1));
        };
    }

    private static int timeKind(char letter) {
        return switch (letter) {
            case 'd' -> DATE;
            case 't' -> TIME;
            case 's' -> TIMESTAMP;
            default -> DURATION;
        };
    }

    private static int nestedKind(char letter) {
        return switch (letter) {
            case 'l' -> LIST;
            case 'L' -> LARGE_LIST;
            case 'w' -> FIXED_LIST;
            default -> STRUCT;
        };
    }

    /** Writes the type's own table. */
    static int write(FlatWriter out, ArrowFormat format) {
        String text = format.text();
        return switch (kind(format)) {
            case INT ->
                out.table(new int[] {4, 1})
                        .putInt(0, 8 * format.size())
                        .putByte(1, Character.isLowerCase(text.charAt(0)) ? 1 : 0)
                        .at();
            case FLOAT ->
                out.table(new int[] {2}).putShort(0, "efg".indexOf(text)).at();
            case DATE ->
                out.table(new int[] {2})
                        .putShort(0, text.equals("tdD") ? 0 : MILLISECONDS)
                        .at();
            case TIME ->
                out.table(new int[] {2, 4})
                        .putShort(0, UNITS.indexOf(text.charAt(2)))
                        .putInt(1, 8 * format.size())
                        .at();
            case TIMESTAMP -> timestamp(out, text);
            case DURATION ->
                out.table(new int[] {2})
                        .putShort(0, UNITS.indexOf(text.charAt(2)))
                        .at();
            case FIXED_BINARY, FIXED_LIST ->
                out.table(new int[] {4}).putInt(0, format.size()).at();
            default -> out.table(new int[] {}).at();
        };
    }

    private static int timestamp(FlatWriter out, String text) {
        String zone = text.substring(4);
        FlatWriter.Table table = out.table(zone.isEmpty() ? new int[] {2} : new int[] {2, 4});
        table.putShort(0, UNITS.indexOf(text.charAt(2)));
        if (!zone.isEmpty()) {
            table.putOffset(1, out.text(zone));
        }
        return table.at();
    }
}
