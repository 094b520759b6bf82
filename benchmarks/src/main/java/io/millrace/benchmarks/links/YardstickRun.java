package io.millrace.benchmarks.links;

import io.millrace.benchmarks.Arguments;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.HdrHistogram.Histogram;

/** The end of a yardstick that sends; it starts the other one, in a JVM of its own. */
// A write that fails shows as the end of the channel.
@SuppressWarnings("FutureReturnValueIgnored")
public final class YardstickRun {
    private YardstickRun() {}

    public static void main(String[] words) throws Exception {
        Arguments arguments = Arguments.parse(words);
        try (Jvm far = Jvm.start(YardstickFar.class, arguments)) {
            run(arguments, Integer.parseInt(far.firstLine()));
        }
    }

    private static void run(Arguments arguments, int port) throws Exception {
        try (Transport transport = new Transport(arguments)) {
            switch (arguments.text("form")) {
                case "echo" -> echo(arguments, transport, port);
                case "bare-echo" -> bareEcho(arguments, transport, port);
                case "stream" -> stream(arguments, transport, port);
                default -> throw new IllegalArgumentException("there is no form '" + arguments.text("form") + "'");
            }
        }
    }

    private static void echo(Arguments arguments, Transport transport, int port) throws Exception {
        CompletableFuture<Lanes> made = new CompletableFuture<>();
        Channel channel = transport.connect(port, open -> made.complete(Lanes.on(open, arguments)));
        Lanes lanes = Transport.await(made);
        long warmup = arguments.number("warmup");
        long total = warmup + arguments.number("count");
        Histogram nanoseconds = new Histogram(3);
        long[] back = {-1};
        for (long i = 0; i < total; i++) {
            long beginNs = System.nanoTime();
            lanes.out().send(i);
            while (back[0] != i) {
                if (!lanes.in().receive((type, buffer, index, length) -> back[0] = buffer.getLong(index))) {
                    throw new IllegalStateException("the other end has closed");
                }
            }
            if (i >= warmup) {
                nanoseconds.recordValue(System.nanoTime() - beginNs);
            }
        }
        channel.close().sync();
        Figures.say(nanoseconds);
    }

    private static void stream(Arguments arguments, Transport transport, int port) throws Exception {
        CompletableFuture<Lanes> made = new CompletableFuture<>();
        Channel channel = transport.connect(port, open -> made.complete(Lanes.on(open, arguments)));
        Lanes lanes = Transport.await(made);
        long endNs = System.nanoTime() + (long) (arguments.decimal("seconds") * 1e9);
        for (long i = 0; i % 32 != 0 || System.nanoTime() - endNs < 0; i++) {
            lanes.out().send(i);
        }
        channel.eventLoop().submit(() -> {}).sync();
        channel.close().sync();
    }

    /** Two threads only, which are the event loops. */
    private static void bareEcho(Arguments arguments, Transport transport, int port) throws Exception {
        BarePing ping = new BarePing(arguments);
        Channel channel = transport.connect(port, open -> open.pipeline().addLast(ping));
        channel.eventLoop().execute(() -> ping.send(channel));
        ping.done.await();
        channel.close().sync();
        Figures.say(ping.nanoseconds);
    }

    private static final class BarePing extends ChannelInboundHandlerAdapter {
        final CountDownLatch done = new CountDownLatch(1);
        final Histogram nanoseconds = new Histogram(3);
        private final int frame;
        private final long warmup;
        private final long total;
        private long count;
        private long beginNs;
        private int come;

        BarePing(Arguments arguments) {
            this.frame = Integer.BYTES + arguments.number("length");
            this.warmup = arguments.number("warmup");
            this.total = warmup + arguments.number("count");
        }

        void send(Channel channel) {
            beginNs = System.nanoTime();
            channel.writeAndFlush(channel.alloc().directBuffer(frame).writeZero(frame), channel.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            come += in.readableBytes();
            in.release();
            if (come < frame) {
                return;
            }
            come = 0;
            if (count++ >= warmup) {
                nanoseconds.recordValue(System.nanoTime() - beginNs);
            }
            if (count < total) {
                send(context.channel());
            } else {
                done.countDown();
            }
        }
    }
}
