package io.millrace.contract.nodes;

import io.millrace.codec.Codec;
import io.millrace.codec.Codecs;
import io.millrace.codec.LongArrayView;
import io.millrace.codec.RecordCodec;
import io.millrace.codec.RecordView;
import io.millrace.node.Message;
import io.millrace.node.Output;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.LongFunction;

/** A kind of value that nodes exchange by a codec: each value follows from its number, so that both ends know it. */
public abstract class Kinds {
    /** A record of everything that a record may hold. */
    public record Order(long id, Price price, Side side, boolean urgent, String client, String note) {}

    public record Price(double amount, short decimals) {}

    public enum Side {
        BUY,
        SELL
    }

    private static final RecordCodec<Order> ORDER = Codecs.ofRecord(Order.class);

    Kinds() {}

    abstract void send(Output output, long number);

    /** Whether it is the value of this number. */
    abstract boolean holds(Message message, long number);

    /** By the name that stands in a file. */
    static Kinds of(String name) {
        return switch (name) {
            case "bytes" -> of(Codecs.BYTES, number -> text(number).getBytes(StandardCharsets.UTF_8));
            case "text" -> of(Codecs.TEXT, Kinds::text);
            case "boolean" -> of(Codecs.BOOLEAN, number -> number % 3 == 0);
            case "byte" -> of(Codecs.BYTE, number -> (byte) number);
            case "short" -> of(Codecs.SHORT, number -> (short) (number * 77));
            case "char" -> of(Codecs.CHAR, number -> (char) (number * 777));
            case "int" -> of(Codecs.INT, number -> (int) number * 77_777);
            case "long" -> of(Codecs.LONG, number -> number * Long.MAX_VALUE / 7);
            case "float" -> of(Codecs.FLOAT, number -> number / 3f);
            case "double" -> of(Codecs.DOUBLE, number -> number / 3d);
            case "booleans" -> of(Codecs.BOOLEANS, number -> new boolean[] {true, number % 2 == 0});
            case "shorts" -> of(Codecs.SHORTS, number -> new short[] {(short) number, -1});
            case "chars" -> of(Codecs.CHARS, number -> text(number).toCharArray());
            case "ints" -> of(Codecs.INTS, number -> new int[(int) number % 50]);
            case "longs" -> of(Codecs.LONGS, Kinds::longs);
            case "floats" -> of(Codecs.FLOATS, number -> new float[] {number, 1 / (number + 1f)});
            case "doubles" -> of(Codecs.DOUBLES, number -> new double[] {number, 1 / (number + 1d), Double.NaN});
            case "record" -> of(ORDER, Kinds::order);
            case "longs in place" -> new LongsInPlace();
            case "record in place" -> new RecordInPlace();
            default -> throw new IllegalArgumentException("there is no kind '" + name + "'");
        };
    }

    private static <T> Kinds of(Codec<T> codec, LongFunction<T> values) {
        return new Kinds() {
            @Override
            void send(Output output, long number) {
                codec.send(output, values.apply(number));
            }

            @Override
            boolean holds(Message message, long number) {
                return Objects.deepEquals(codec.read(message), values.apply(number));
            }
        };
    }

    private static String text(long number) {
        return "gr\u00fc\u00df\u2192\ud83d\ude80 ".repeat((int) (number % 5)) + number;
    }

    /** Some too many to travel in the edge itself. */
    private static long[] longs(long number) {
        long[] values = new long[number % 40 == 39 ? 10_000 : (int) number % 9];
        for (int i = 0; i < values.length; i++) {
            values[i] = number * i;
        }
        return values;
    }

    private static Order order(long number) {
        return new Order(
                number,
                new Price(number / 4.0, (short) 2),
                number % 3 == 0 ? null : Side.SELL,
                number % 2 == 0,
                text(number),
                number % 4 == 0 ? null : "");
    }

    private static final class LongsInPlace extends Kinds {
        private final LongArrayView view = new LongArrayView();

        @Override
        void send(Output output, long number) {
            long[] values = longs(number);
            var claim = Codecs.LONGS.claim(output, values.length);
            for (int i = 0; i < values.length; i++) {
                Codecs.LONGS.put(claim, i, values[i]);
            }
            claim.commit();
        }

        @Override
        boolean holds(Message message, long number) {
            long[] expected = longs(number);
            boolean same = view.wrap(message).length() == expected.length;
            for (int i = 0; same && i < expected.length; i++) {
                same = view.get(i) == expected[i];
            }
            return same;
        }
    }

    private static final class RecordInPlace extends Kinds {
        private final RecordView view = ORDER.view();
        private final int id = ORDER.indexOf("id");
        private final int amount = ORDER.indexOf("price.amount");
        private final int side = ORDER.indexOf("side");
        private final int note = ORDER.indexOf("note");

        @Override
        void send(Output output, long number) {
            ORDER.send(output, order(number));
        }

        @Override
        boolean holds(Message message, long number) {
            Order expected = order(number);
            view.wrap(message);
            return view.getLong(id) == expected.id()
                    && view.getDouble(amount) == expected.price().amount()
                    && view.getEnum(side, Side.class) == expected.side()
                    && Objects.equals(view.getText(note), expected.note());
        }
    }
}
