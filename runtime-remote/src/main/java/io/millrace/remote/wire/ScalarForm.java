package io.millrace.remote.wire;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A value without parts. */
final class ScalarForm<V> implements Form {
    private static final int MAX_NANOS = 999_999_999;

    static final ScalarForm<Boolean> BOOLEAN =
            new ScalarForm<>(Boolean.class, (value, to) -> to.writeBoolean(value), WireReader::readBoolean);
    static final ScalarForm<Byte> BYTE = new ScalarForm<>(Byte.class, (value, to) -> to.writeLong(value), from ->
            (byte) from.readWithin(Byte.MIN_VALUE, Byte.MAX_VALUE));
    static final ScalarForm<Short> SHORT = new ScalarForm<>(Short.class, (value, to) -> to.writeLong(value), from ->
            (short) from.readWithin(Short.MIN_VALUE, Short.MAX_VALUE));
    static final ScalarForm<Character> CHAR =
            new ScalarForm<>(Character.class, (value, to) -> to.writeLong(value), from ->
                    (char) from.readWithin(0, Character.MAX_VALUE));
    static final ScalarForm<Integer> INT =
            new ScalarForm<>(Integer.class, (value, to) -> to.writeLong(value), ScalarForm::readInt);
    static final ScalarForm<Long> LONG =
            new ScalarForm<>(Long.class, (value, to) -> to.writeLong(value), WireReader::readLong);
    static final ScalarForm<Float> FLOAT = new ScalarForm<>(
            Float.class, (value, to) -> to.writeFixed(Float.floatToIntBits(value), 4), ScalarForm::readFloat);
    static final ScalarForm<Double> DOUBLE = new ScalarForm<>(
            Double.class, (value, to) -> to.writeFixed(Double.doubleToLongBits(value), 8), ScalarForm::readDouble);
    static final ScalarForm<String> TEXT =
            new ScalarForm<>(String.class, (value, to) -> to.writeText(value), WireReader::readText);
    static final ScalarForm<byte[]> BYTES =
            new ScalarForm<>(byte[].class, (value, to) -> to.writeBytes(value), WireReader::readBytes);
    static final ScalarForm<Duration> DURATION = new ScalarForm<>(
            Duration.class,
            (value, to) -> {
                to.writeLong(value.getSeconds());
                to.writeLong(value.getNano());
            },
            from -> Duration.ofSeconds(from.readLong(), from.readWithin(0, MAX_NANOS)));
    static final ScalarForm<OptionalInt> OPTIONAL_INT = new ScalarForm<>(
            OptionalInt.class,
            (value, to) -> {
                to.writeBoolean(value.isPresent());
                value.ifPresent(to::writeLong);
            },
            from -> from.readBoolean() ? OptionalInt.of(readInt(from)) : OptionalInt.empty());
    static final ScalarForm<OptionalLong> OPTIONAL_LONG = new ScalarForm<>(
            OptionalLong.class,
            (value, to) -> {
                to.writeBoolean(value.isPresent());
                value.ifPresent(to::writeLong);
            },
            from -> from.readBoolean() ? OptionalLong.of(from.readLong()) : OptionalLong.empty());
    static final ScalarForm<OptionalDouble> OPTIONAL_DOUBLE = new ScalarForm<>(
            OptionalDouble.class,
            (value, to) -> {
                to.writeBoolean(value.isPresent());
                value.ifPresent(number -> DOUBLE.write(number, to));
            },
            from -> from.readBoolean() ? OptionalDouble.of(readDouble(from)) : OptionalDouble.empty());

    private final Class<V> type;
    private final BiConsumer<V, WireWriter> write;
    private final Function<WireReader, V> read;

    private ScalarForm(Class<V> type, BiConsumer<V, WireWriter> write, Function<WireReader, V> read) {
        this.type = type;
        this.write = write;
        this.read = read;
    }

    @Override
    public void write(Object value, WireWriter writer) {
        write.accept(type.cast(value), writer);
    }

    @Override
    public V read(WireReader reader) {
        return read.apply(reader);
    }

    private static int readInt(WireReader from) {
        return (int) from.readWithin(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static float readFloat(WireReader from) {
        int bits = (int) from.readFixed(4);
        float value = Float.intBitsToFloat(bits);
        if (Float.floatToIntBits(value) != bits) {
            throw new WireFormatException("a number that is none in another form than usual");
        }
        return value;
    }

    private static double readDouble(WireReader from) {
        long bits = from.readFixed(8);
        double value = Double.longBitsToDouble(bits);
        if (Double.doubleToLongBits(value) != bits) {
            throw new WireFormatException("a number that is none in another form than usual");
        }
        return value;
    }
}
