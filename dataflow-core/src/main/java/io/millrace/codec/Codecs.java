package io.millrace.codec;

import java.lang.invoke.MethodHandles;

/** The codecs that need nothing but the JDK. */
public final class Codecs {
    /** Bytes as they are; what was sent without a codec reads as this. Reading copies. */
    public static final Codec<byte[]> BYTES = new BytesCodec();

    /**
     * Text, which travels as UTF-8: what {@link io.millrace.node.Output#send(String)} sends, without its allocation. Unlike {@link
     * io.millrace.node.Message#text()} it refuses bytes that are no UTF-8. A surrogate without its partner is written as a question mark.
     */
    public static final Codec<String> TEXT = new TextCodec();

    public static final BooleanCodec BOOLEAN = new BooleanCodec();
    public static final ByteCodec BYTE = new ByteCodec();
    public static final ShortCodec SHORT = new ShortCodec();
    public static final CharCodec CHAR = new CharCodec();
    public static final IntCodec INT = new IntCodec();
    public static final LongCodec LONG = new LongCodec();
    public static final FloatCodec FLOAT = new FloatCodec();
    public static final DoubleCodec DOUBLE = new DoubleCodec();

    public static final BooleanArrayCodec BOOLEANS = new BooleanArrayCodec();
    public static final ShortArrayCodec SHORTS = new ShortArrayCodec();
    public static final CharArrayCodec CHARS = new CharArrayCodec();
    public static final IntArrayCodec INTS = new IntArrayCodec();
    public static final LongArrayCodec LONGS = new LongArrayCodec();
    public static final FloatArrayCodec FLOATS = new FloatArrayCodec();
    public static final DoubleArrayCodec DOUBLES = new DoubleArrayCodec();

    private Codecs() {}

    /**
     * A codec of records. Its layout is computed here, once: make one and keep it, in a constant where possible. {@link RecordCodec} shows the layout.
     *
     * <p>The record must be within reach: on the class path every record is; on the module path it is public in a package that is exported, or in one that is
     * opened, to {@code io.millrace.core}. Otherwise see {@link #ofRecord(Class, MethodHandles.Lookup)}.
     *
     * @throws IllegalArgumentException if the record is out of reach or has a component of another type than primitive, text, enum or record; names it
     */
    public static <R extends Record> RecordCodec<R> ofRecord(Class<R> type) {
        return new RecordCodec<>(type, RecordAccess.ofMillrace());
    }

    /**
     * As {@link #ofRecord(Class)}, for records that only the caller reaches: private ones, and those of packages that are neither exported nor opened.
     *
     * @param lookup the caller's {@code MethodHandles.lookup()}
     */
    public static <R extends Record> RecordCodec<R> ofRecord(Class<R> type, MethodHandles.Lookup lookup) {
        return new RecordCodec<>(type, RecordAccess.of(lookup));
    }
}
