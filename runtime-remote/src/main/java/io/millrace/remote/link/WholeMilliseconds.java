package io.millrace.remote.link;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import org.jspecify.annotations.Nullable;

/**
 * Has a selector's loop sleep until a timer is due. Netty's own takes what is left to the nearest millisecond, and when that is less than half of one it goes round without sleeping until the timer is due: up to
 * half a millisecond of a core for each timer, which the threads that the loop works for then lack. Here what is left is taken to the next whole millisecond, so timers are up to one late.
 *
 * <p>One for each loop.
 */
final class WholeMilliseconds implements IoHandler {
    private static final long MILLISECOND_NS = 1_000_000;

    private final IoHandler handler;
    private @Nullable Context last;

    private WholeMilliseconds(IoHandler handler) {
        this.handler = handler;
    }

    static IoHandlerFactory of(IoHandlerFactory handlers) {
        return executor -> new WholeMilliseconds(handlers.newHandler(executor));
    }

    /** @return the least number of whole milliseconds that is not less, in nanoseconds */
    static long roundUp(long nanoseconds) {
        boolean isNow = nanoseconds <= 0;
        boolean isNever = nanoseconds > Long.MAX_VALUE - MILLISECOND_NS;
        return isNow || isNever ? nanoseconds : (nanoseconds + MILLISECOND_NS - 1) / MILLISECOND_NS * MILLISECOND_NS;
    }

    @Override
    public int run(IoHandlerContext context) {
        Context now = last;
        if (now == null || now.context != context) {
            now = new Context(context);
            last = now;
        }
        return handler.run(now);
    }

    @Override
    public void initialize() {
        handler.initialize();
    }

    @Override
    public void prepareToDestroy() {
        handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
        handler.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return handler.register(handle);
    }

    @Override
    public void wakeup() {
        handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return handler.isCompatible(type);
    }

    private record Context(IoHandlerContext context) implements IoHandlerContext {
        @Override
        public boolean canBlock() {
            return context.canBlock();
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return roundUp(context.delayNanos(currentTimeNanos));
        }

        @Override
        public long deadlineNanos() {
            return context.deadlineNanos();
        }

        @Override
        public void reportActiveIoTime(long activeNanos) {
            context.reportActiveIoTime(activeNanos);
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            return context.shouldReportActiveIoTime();
        }
    }
}
