package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What sending and reading allocate, once the JVM has seen the calls: the median of windows, for it may compile in any of them. */
class CodecAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WINDOWS = 11;
    private static final int WINDOW = 2000;

    enum Side {
        BUY,
        SELL
    }

    record Price(double amount, int decimals) {}

    record Order(long id, boolean urgent, byte b, short s, char c, int i, float f, Price price, Side side) {}

    record Named(long id, String name) {}

    private static final RecordCodec<Order> ORDER = Codecs.ofRecord(Order.class);
    private static final RecordCodec<Named> NAMED = Codecs.ofRecord(Named.class);

    private final Wire wire = new Wire(1024);
    private double sum;
    private Object last = "";

    /** Of one message. */
    private static long medianBytes(Runnable message) {
        long[] bytes = new long[WINDOWS];
        for (int window = 0; window < WINDOWS; window++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < WINDOW; i++) {
                message.run();
            }
            bytes[window] = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        Arrays.sort(bytes);
        return bytes[WINDOWS / 2] / WINDOW;
    }

    private static Order order(long id) {
        return new Order(id, true, (byte) 1, (short) 2, 'c', 3, 4f, new Price(5.5, 2), Side.SELL);
    }

    @Test
    void shouldAllocateNothingWhenARecordIsSentAndItsComponentsAreRead() {
        Order order = order(1);
        RecordView view = ORDER.view();
        int id = ORDER.indexOf("id");
        int urgent = ORDER.indexOf("urgent");
        int amount = ORDER.indexOf("price.amount");
        int side = ORDER.indexOf("side");

        assertThat(medianBytes(() -> {
                    ORDER.send(wire, order);
                    view.wrap(wire.message());
                    sum += view.getLong(id) + view.getDouble(amount);
                    if (view.getBoolean(urgent)) {
                        last = view.getEnum(side, Side.class);
                    }
                }))
                .isZero();
        assertThat(last).isEqualTo(Side.SELL);
    }

    @Test
    void shouldAllocateNothingButTheRecordWhenItIsReadAsOne() {
        Order order = order(2);
        long ofItself = medianBytes(() -> last = order(sum > 0 ? 1 : 2));

        long ofReading = medianBytes(() -> {
            ORDER.send(wire, order);
            last = ORDER.read(wire.message());
        });

        assertThat(last).isEqualTo(order);
        assertThat(ofItself).isPositive();
        assertThat(ofReading).isEqualTo(ofItself);
    }

    @Test
    void shouldAllocateNothingWhenTextsAreSent() {
        Named named = new Named(3, "wat\u00E9r\u20AC wheel");

        assertThat(medianBytes(() -> {
                    NAMED.send(wire, named);
                    Codecs.TEXT.send(wire, named.name());
                }))
                .isZero();
    }

    @Test
    void shouldAllocateNothingWhenPrimitivesAreSentAndRead() {
        assertThat(medianBytes(() -> {
                    Codecs.LONG.send(wire, wire.sent() + 1000);
                    sum += Codecs.LONG.readLong(wire.message());
                    Codecs.DOUBLE.send(wire, sum);
                    sum += Codecs.DOUBLE.readDouble(wire.message());
                    Codecs.INT.send(wire, (int) wire.sent());
                    sum += Codecs.INT.readInt(wire.message());
                }))
                .isZero();
    }

    @Test
    void shouldAllocateNothingWhenArraysAreSentAndViewed() {
        long[] longs = {1000, 2000, 3000};
        LongArrayView longView = new LongArrayView();
        DoubleArrayView doubleView = new DoubleArrayView();

        assertThat(medianBytes(() -> {
                    Codecs.LONGS.send(wire, longs);
                    longView.wrap(wire.message());
                    for (int i = 0; i < longView.length(); i++) {
                        sum += longView.get(i);
                    }
                    var claim = Codecs.DOUBLES.claim(wire, 2);
                    Codecs.DOUBLES.put(claim, 0, sum);
                    Codecs.DOUBLES.put(claim, 1, 2);
                    claim.commit();
                    sum += doubleView.wrap(wire.message()).get(1);
                }))
                .isZero();
    }
}
