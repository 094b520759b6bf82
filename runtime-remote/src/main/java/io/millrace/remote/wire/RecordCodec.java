package io.millrace.remote.wire;

import java.lang.invoke.MethodHandles;

/**
 * Turns a record, or one of the records of a sealed interface, into bytes and back, component by component.
 *
 * <p>Immutable, any thread. Made once per type, which takes some milliseconds and reads the types by reflection; a message then costs a call of a method handle for each
 * component. Components may be primitives and their boxes, {@code String}, {@code byte[]}, enums, {@code Duration}, {@code Optional} and its kin, {@code List}, {@code Map}
 * from {@code String}, other records and sealed interfaces, and {@code Object} where a value of a node's {@code config} stands. None may be null.
 *
 * <pre>
 *   message   version (1 byte), value
 *   record    its components, in order; one without components is a zero byte
 *   sealed    simple name of the record (text), record
 *   enum      name of the constant (text)
 *   integers  zigzag, 7 bits a byte, the lowest first, the shortest form
 *   double    8 bytes, the highest first; float 4
 *   boolean   0 or 1; Optional the same, then its value
 *   text      number of bytes times two (as a long), UTF-8; with one added, UTF-16 for text that has no UTF-8, for it has halves of characters
 *   byte[]    length, bytes
 *   List      count, elements
 *   Map       count, key and value by turns, keys ascending; in a config as they were written
 *   Object    one byte for its kind (see {@link AnyForm}), value
 * </pre>
 *
 * A value has one form only, so equal values, where a config has its keys in the same order, give equal bytes, and what is read gives the same bytes when it is written again. Kinds go by name: records and constants may be
 * added and moved, not renamed.
 *
 * @param <T> the record, or the sealed interface
 */
public final class RecordCodec<T> {
    static final byte VERSION = 1;

    private final Form form;
    private final Class<T> type;
    private final Limits limits;

    private RecordCodec(Class<T> type, Form form, Limits limits) {
        this.type = type;
        this.form = form;
        this.limits = limits;
    }

    /**
     * For public records and those nested in public types, with the limits of a message.
     *
     * @throws IllegalArgumentException if a type cannot be written, naming the component
     */
    public static <T> RecordCodec<T> of(Class<T> type) {
        return of(type, MethodHandles.lookup(), Limits.MESSAGE);
    }

    /**
     * For records that only the lookup's class sees.
     *
     * @throws IllegalArgumentException if a type cannot be written, naming the component
     */
    public static <T> RecordCodec<T> of(Class<T> type, MethodHandles.Lookup lookup, Limits limits) {
        return new RecordCodec<>(type, new Forms(lookup).of(type), limits);
    }

    /**
     * The value as bytes, in a new array.
     *
     * @throws WireFormatException if it is beyond a limit or holds what cannot travel, naming the component
     */
    public byte[] encode(T value) {
        WireWriter writer = new WireWriter(limits);
        try {
            writer.writeByte(VERSION);
            form.write(value, writer);
        } catch (WireFormatException e) {
            throw e.within(type.getSimpleName());
        }
        return writer.toBytes();
    }

    /**
     * The value that these bytes are, all of them. Takes memory in proportion to the bytes, whatever they say.
     *
     * @throws WireFormatException if they are not one, naming the component
     */
    public T decode(byte[] bytes) {
        WireReader reader = new WireReader(bytes, limits);
        try {
            reader.expectVersion(VERSION);
            T value = type.cast(form.read(reader));
            reader.expectEnd();
            return value;
        } catch (WireFormatException e) {
            throw e.within(type.getSimpleName());
        }
    }

    @Override
    public String toString() {
        return "codec of " + type.getSimpleName() + ", " + limits;
    }

    /**
     * What is refused, on both sides.
     *
     * @param maxBytes of a message as a whole
     * @param maxTextBytes of one text
     * @param maxCount of the elements of one list or map
     * @param maxDepth of records, lists and maps within one another
     */
    public record Limits(int maxBytes, int maxTextBytes, int maxCount, int maxDepth) {
        /** Of control messages. */
        public static final Limits MESSAGE = new Limits(32 << 20, 4 << 20, 1 << 20, 64);

        public Limits {
            if (maxBytes < 1 || maxTextBytes < 1 || maxCount < 1 || maxDepth < 1) {
                throw new IllegalArgumentException("limits must be positive: " + maxBytes + " bytes, " + maxTextBytes
                        + " bytes of text, " + maxCount + " elements, depth " + maxDepth);
            }
        }
    }
}
