package io.millrace.benchmarks.links;

import io.millrace.benchmarks.Arguments;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.CompletableFuture;

/** The end of a yardstick that sends back what comes, or takes it. Prints its port first, and ends when its standard input does. */
// A write that fails shows as the end of the channel.
@SuppressWarnings("FutureReturnValueIgnored")
public final class YardstickFar {
    private YardstickFar() {}

    public static void main(String[] words) throws Exception {
        Arguments arguments = Arguments.parse(words);
        CompletableFuture<Lanes> lanes = new CompletableFuture<>();
        try (Transport transport = new Transport(arguments)) {
            boolean isBare = arguments.text("form").equals("bare-echo");
            int port = transport.listen(channel -> {
                if (isBare) {
                    channel.pipeline().addLast(new Echo());
                } else {
                    lanes.complete(Lanes.on(channel, arguments));
                }
            });
            Jvm.sayReady(String.valueOf(port));
            if (!isBare) {
                work(Transport.await(lanes), arguments);
            }
            Jvm.awaitEndOfInput();
        }
    }

    private static void work(Lanes lanes, Arguments arguments) throws Exception {
        if (arguments.text("form").equals("echo")) {
            while (lanes.in().receive((type, buffer, index, length) -> lanes.sendBack(buffer, index))) {
                // until the other end has closed
            }
            return;
        }
        RateMeter meter = new RateMeter(arguments.decimal("warmup"));
        while (lanes.in().receive((type, buffer, index, length) -> {
            if (buffer.getLong(index) != meter.count()) {
                throw new IllegalStateException(
                        "message " + buffer.getLong(index) + " came, expected " + meter.count());
            }
            meter.onMessage();
        })) {
            // until the other end has closed
        }
        meter.report();
    }

    /** On the event loop itself. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Channel channel = context.channel();
            channel.writeAndFlush((ByteBuf) message, channel.voidPromise());
        }
    }
}
