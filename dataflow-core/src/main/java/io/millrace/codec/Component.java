package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One component of a record, at its place in the fixed part: of the pairs of methods the one of its kind is used. */
final class Component {
    static final int NO_TEXT = -1;

    private final String record;
    private final String path;
    private final Kind kind;
    private final int offset;
    private final List<?> constants;
    private final int textBefore;
    private final int firstText;

    /**
     * @param record what to call the record in messages
     * @param path its name, behind those of the components that it is nested in
     * @param constants of an enum, in order; else empty
     * @param textBefore the offset of the component whose text ends where this one's begins, or {@link #NO_TEXT}
     * @param firstText where the first text of the record begins
     */
    Component(String record, String path, Kind kind, int offset, List<?> constants, int textBefore, int firstText) {
        this.record = record;
        this.path = path;
        this.kind = kind;
        this.offset = offset;
        this.constants = constants;
        this.textBefore = textBefore;
        this.firstText = firstText;
    }

    String path() {
        return path;
    }

    Kind kind() {
        return kind;
    }

    int offset() {
        return offset;
    }

    void putBoolean(Claim claim, boolean value) {
        claim.putByte(offset, (byte) (value ? 1 : 0));
    }

    boolean readBoolean(Message message) {
        byte found = message.getByte(offset);
        if ((found & ~1) != 0) {
            throw malformed(message, offset, "expected 0 or 1, found " + (found & 0xFF));
        }
        return found != 0;
    }

    void putByte(Claim claim, byte value) {
        claim.putByte(offset, value);
    }

    byte readByte(Message message) {
        return message.getByte(offset);
    }

    void putShort(Claim claim, short value) {
        claim.putShort(offset, value);
    }

    short readShort(Message message) {
        return message.getShort(offset);
    }

    void putChar(Claim claim, char value) {
        claim.putShort(offset, (short) value);
    }

    char readChar(Message message) {
        return (char) message.getShort(offset);
    }

    void putInt(Claim claim, int value) {
        claim.putInt(offset, value);
    }

    int readInt(Message message) {
        return message.getInt(offset);
    }

    void putLong(Claim claim, long value) {
        claim.putLong(offset, value);
    }

    long readLong(Message message) {
        return message.getLong(offset);
    }

    void putFloat(Claim claim, float value) {
        claim.putFloat(offset, value);
    }

    float readFloat(Message message) {
        return message.getFloat(offset);
    }

    void putDouble(Claim claim, double value) {
        claim.putDouble(offset, value);
    }

    double readDouble(Message message) {
        return message.getDouble(offset);
    }

    @SuppressWarnings("EnumOrdinal") // the constants, in their order, are part of the codec's id
    void putEnum(Claim claim, @Nullable Enum<?> value) {
        claim.putShort(offset, (short) (value == null ? -1 : value.ordinal()));
    }

    @Nullable Enum<?> readEnum(Message message) {
        int ordinal = message.getShort(offset);
        if (ordinal == -1) {
            return null;
        }
        if (ordinal < 0 || ordinal >= constants.size()) {
            throw malformed(message, offset, "expected the number of one of " + constants + ", found " + ordinal);
        }
        return (Enum<?>) constants.get(ordinal);
    }

    /** Writes the text at {@code position}, where the text before it ended, and returns where it ends itself. */
    int putText(Claim claim, int position, @Nullable String value) {
        if (value == null) {
            claim.putInt(offset, ~position);
            return position;
        }
        int end = Utf8.put(claim, position, value);
        claim.putInt(offset, end);
        return end;
    }

    /** Allocates the text. */
    @Nullable String readText(Message message) {
        int end = message.getInt(offset);
        if (end < 0) {
            return null;
        }
        int begin = textBegin(message);
        int malformed = Utf8.firstMalformed(message, begin, end - begin);
        if (malformed >= 0) {
            int found = message.getByte(malformed) & 0xFF;
            throw malformed(message, malformed, "expected a character of UTF-8, found 0x" + Integer.toHexString(found));
        }
        return message.getText(begin, end - begin);
    }

    /** Refuses a text that does not lie behind the one before it and within the payload; returns where it ends. */
    int checkText(Message message, int begin) {
        int slot = message.getInt(offset);
        int end = textEnd(slot);
        boolean isRight = slot < 0 ? end == begin : end >= begin && end <= message.length();
        if (!isRight) {
            throw malformed(
                    message,
                    offset,
                    "expected where a text ends that begins at " + begin + ", or the complement of that, found "
                            + slot);
        }
        return end;
    }

    private int textBegin(Message message) {
        return textBefore == NO_TEXT ? firstText : textEnd(message.getInt(textBefore));
    }

    private static int textEnd(int slot) {
        return slot < 0 ? ~slot : slot;
    }

    private CodecException malformed(Message message, int at, String what) {
        return CodecException.malformed(record, message, at, "component '" + path + "', " + what);
    }

    /** As it stands in the description of its record. */
    @Override
    public String toString() {
        return path + " (" + kind.word() + ")";
    }
}
