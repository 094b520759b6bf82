package io.millrace.codec;

import io.millrace.node.Message;
import org.jspecify.annotations.Nullable;

/**
 * The components of a record in a message, read in place: no record is made, and nothing allocates but texts. Valid as long as the message; made once by {@link
 * RecordCodec#view} and used for one message after the other, by one thread.
 *
 * <p>Components are known by their index, which {@link RecordCodec#indexOf} tells and whoever reads keeps. A getter of another type than the component's
 * throws {@link IllegalArgumentException}, an index that is none {@link IndexOutOfBoundsException}.
 */
public final class RecordView {
    private final RecordCodec<?> codec;
    private @Nullable Message message;

    RecordView(RecordCodec<?> codec) {
        this.codec = codec;
    }

    /**
     * Shows this message from now on.
     *
     * @throws CodecException if another codec has written it, or its bytes are damaged
     */
    public RecordView wrap(Message shown) {
        codec.checkAll(shown);
        message = shown;
        return this;
    }

    public boolean getBoolean(int component) {
        return codec.component(component, Kind.BOOLEAN).readBoolean(message());
    }

    public byte getByte(int component) {
        return codec.component(component, Kind.BYTE).readByte(message());
    }

    public short getShort(int component) {
        return codec.component(component, Kind.SHORT).readShort(message());
    }

    public char getChar(int component) {
        return codec.component(component, Kind.CHAR).readChar(message());
    }

    public int getInt(int component) {
        return codec.component(component, Kind.INT).readInt(message());
    }

    public long getLong(int component) {
        return codec.component(component, Kind.LONG).readLong(message());
    }

    public float getFloat(int component) {
        return codec.component(component, Kind.FLOAT).readFloat(message());
    }

    public double getDouble(int component) {
        return codec.component(component, Kind.DOUBLE).readDouble(message());
    }

    /**
     * Null where the record has null.
     *
     * @param type the enum that the component is
     */
    public <E extends Enum<E>> @Nullable E getEnum(int component, Class<E> type) {
        return type.cast(codec.component(component, Kind.ENUM).readEnum(message()));
    }

    /**
     * Allocates the text. Null where the record has null.
     *
     * @throws CodecException if its bytes are no UTF-8
     */
    public @Nullable String getText(int component) {
        return codec.component(component, Kind.TEXT).readText(message());
    }

    private Message message() {
        @Nullable Message shown = message;
        if (shown == null) {
            throw new IllegalStateException("this view shows no message yet: wrap one first");
        }
        return shown;
    }
}
