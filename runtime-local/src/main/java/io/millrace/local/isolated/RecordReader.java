package io.millrace.local.isolated;

import io.millrace.local.dora.ProtocolException;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Takes what a node logs in its JVM, on a thread of its own, until the connection ends. */
final class RecordReader implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordReader.class);

    private final ChildLink link;
    private final IntFunction<@Nullable Logger> loggers;
    private final String name;
    private final Thread thread;
    private boolean isLossSaid; // its thread

    /** @param loggers that of each operator; null where there is no such one */
    RecordReader(String name, ChildLink link, IntFunction<@Nullable Logger> loggers) {
        this.name = name;
        this.link = link;
        this.loggers = loggers;
        this.thread = new Thread(this, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Waits until all was taken that had come before the connection ended. */
    void join(long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try (Selector selector = Selector.open()) {
            link.channel().register(selector, SelectionKey.OP_READ);
            while (true) {
                for (@Nullable PacketReader in = link.pollPacket(); in != null; in = link.pollPacket()) {
                    takeOrLose(in);
                }
                selector.select();
                selector.selectedKeys().clear();
            }
        } catch (IOException | ClosedSelectorException theEnd) {
            LOG.debug("{} has ended", name, theEnd);
        } catch (ProtocolException e) {
            LOG.warn("{}: what came is no log record; no more are taken", name, e);
        }
    }

    /** Whatever the application's logging makes of a record: who does not read the next ones keeps the other JVM waiting. */
    private void takeOrLose(PacketReader in) {
        try {
            take(in);
        } catch (ProtocolException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            if (!isLossSaid) {
                isLossSaid = true;
                sayLoss(e);
            }
        }
    }

    private void sayLoss(Throwable why) {
        try {
            LOG.warn(
                    "{}: a log record is lost, for it cannot be logged here; further ones are lost silently",
                    name,
                    why);
        } catch (RuntimeException | Error e) { // by what has failed before
            why.addSuppressed(e);
        }
    }

    private void take(PacketReader in) {
        if (Ask.of(in.u8()) != Ask.LOG) {
            throw new ProtocolException("expected a log record");
        }
        @Nullable Logger logger = loggers.apply(in.u16());
        log(logger, in);
    }

    /** What stands in a message after its sender. */
    static void log(@Nullable Logger logger, PacketReader in) {
        Level level = level(in.i32());
        String message = in.text();
        Optional<Thrown> thrown = in.flag() ? Optional.of(Thrown.read(in)) : Optional.empty();
        if (logger != null) {
            LoggingEventBuilder event = logger.atLevel(level);
            (thrown.isPresent() ? event.setCause(thrown.get().exception()) : event).log(message);
        }
    }

    private static Level level(int code) {
        try {
            return Level.intToLevel(code);
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("expected a level of slf4j, found " + code);
        }
    }
}
