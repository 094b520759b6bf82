package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records, laid out in place. Components may be of every primitive type, {@link String}, enums, and records of these, which are laid out in place of the
 * component that they are. A text or enum may be null, a nested record may not.
 *
 * <pre>
 *   record Fix(long timeMs, Where where, Quality quality, String receiver, String note) {}
 *   record Where(double latitude, double longitude) {}
 *
 *    0        8          16          24      26         30      34
 *   +--------+----------+-----------+-------+----------+-------+------------------+--------------+
 *   | timeMs | where.   | where.    |quality| end of   | end   | receiver's bytes | note's bytes |
 *   |        | latitude | longitude |       | receiver | of    | in UTF-8         | in UTF-8     |
 *   |        |          |           |       |          | note  |                  |              |
 *   +--------+----------+-----------+-------+----------+-------+------------------+--------------+
 *   |&lt;------------------- fixed part, 34 bytes ---------------&gt;|&lt;------- variable part -------&gt;|
 * </pre>
 *
 * <p>The fixed part holds the components in the order of their declaration, little-endian, one directly behind the other. A boolean takes a byte of 0 or 1, a
 * char two bytes, an enum the two bytes of its constant's ordinal, or -1 for null. Of a text the four bytes say at which index of the payload it ends; it
 * begins where the text before it ends, the first behind the fixed part. Where a text is null, they are the complement of that index. The payload ends with
 * the last text. So every component is found without looking at more than one other.
 *
 * <p>The id is made from the record's simple name and the names and types of its components, the constants of enums included: a record of the same name and
 * components in another package, or from another class loader, is the same; any change makes it another. There are 32,768 such ids: two different records
 * may have the same by chance, which only their lengths then tell apart.
 *
 * <p>Sending allocates nothing. Reading allocates the record and its texts. {@link RecordView} reads single components, and allocates texts only.
 *
 * @param <R> the record
 */
public final class RecordCodec<R extends Record> extends Codec<R> {
    private final Class<R> type;
    private final int fixedLength;
    private final Component[] components;
    private final RecordText[] texts;
    private final MethodHandle writer;
    private final MethodHandle reader;

    RecordCodec(Class<R> type, RecordAccess access) {
        this(type, RecordShape.of(type), access);
    }

    private RecordCodec(Class<R> type, RecordShape shape, RecordAccess access) {
        super(shape.description(), shape.id());
        this.type = type;
        fixedLength = shape.fixedLength();
        components = shape.components().toArray(Component[]::new);
        RecordHandles handles = new RecordHandles(access, shape.components());
        writer = handles.writer(type);
        texts = handles.texts().toArray(RecordText[]::new);
        reader = handles.reader(type);
    }

    /** A view for the messages of this codec, to be made once by each node that reads them so. */
    public RecordView view() {
        return new RecordView(this);
    }

    /**
     * The index by which a {@link RecordView} knows a component.
     *
     * @param component its name; of a nested one {@code where.latitude}
     * @throws IllegalArgumentException if there is none; names those that there are
     */
    public int indexOf(String component) {
        for (int i = 0; i < components.length; i++) {
            if (components[i].path().equals(component)) {
                return i;
            }
        }
        throw new IllegalArgumentException(
                type.getName() + " has no component '" + component + "': it has " + List.of(components));
    }

    @Override
    public int length(R value) {
        long length = fixedLength;
        for (RecordText text : texts) {
            @Nullable String found = text.of(value);
            length += found == null ? 0 : Utf8.length(found);
        }
        if (length > Output.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("a " + type.getSimpleName() + " of " + length
                    + " bytes is longer than a payload may be, " + Output.MAX_PAYLOAD_BYTES);
        }
        return (int) length;
    }

    @Override
    protected void put(R value, Claim claim) {
        try {
            writer.invokeExact(claim, (Record) value);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("an accessor of " + type.getName() + " throws what it may not", e);
        }
        int position = fixedLength;
        for (RecordText text : texts) {
            position = text.component().putText(claim, position, text.of(value));
        }
    }

    @Override
    protected R get(Message message) {
        checkLayout(message);
        try {
            return type.cast((Record) reader.invokeExact(message));
        } catch (CodecException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new CodecException(
                    "message " + message.sequence() + " of " + message.length() + " bytes has values that "
                            + type.getName() + " refuses: " + e,
                    e);
        }
    }

    /** Refuses a payload that is too short, or whose texts do not follow one another up to its end. */
    void checkLayout(Message message) {
        int length = message.length();
        if (length < fixedLength) {
            throw malformed(message, length, "expected " + fixedLength + " bytes or more, found " + length);
        }
        int end = fixedLength;
        for (RecordText text : texts) {
            end = text.component().checkText(message, end);
        }
        if (end != length) {
            throw malformed(message, end, "expected the end of the payload, found " + (length - end) + " bytes more");
        }
    }

    /** For views, which read only what this codec wrote. */
    void checkAll(Message message) {
        check(message);
        checkLayout(message);
    }

    /** The component, where it is of this kind. */
    Component component(int index, Kind expected) {
        Component component = components[index];
        if (component.kind() != expected) {
            throw new IllegalArgumentException("component '" + component.path() + "' of " + type.getName() + " is a "
                    + component.kind().word() + ", not a " + expected.word());
        }
        return component;
    }
}
