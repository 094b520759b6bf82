package io.millrace.benchmarks.peers;

import com.typesafe.config.ConfigFactory;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;

/** Pekko Streams: source, map and sink, with an asynchronous boundary between each two, so that they may run at the same time as nodes do. */
final class PekkoPipe implements Pipe {
    private final long added;

    PekkoPipe(long added) {
        this.added = added;
    }

    @Override
    public void run(Schedule schedule, Sink sink) {
        ActorSystem system = ActorSystem.create(
                "peer", ConfigFactory.parseString("pekko.loglevel = OFF").withFallback(ConfigFactory.load()));
        try {
            Source.<Long>fromIterator(() -> new Due(schedule))
                    .async()
                    .map(value -> value + added)
                    .async()
                    .runForeach(sink::onValue, system)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException("the stream failed", e.getCause());
        } finally {
            system.terminate();
        }
    }

    /** Waits for what is not due yet. */
    private static final class Due implements Iterator<Long> {
        private final Schedule schedule;
        private long next = Schedule.NOT_YET;

        Due(Schedule schedule) {
            this.schedule = schedule;
        }

        @Override
        public boolean hasNext() {
            while (next == Schedule.NOT_YET) {
                next = schedule.next();
                if (next == Schedule.NOT_YET) {
                    Thread.onSpinWait();
                }
            }
            return next != Schedule.END;
        }

        @Override
        public Long next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            long value = next;
            next = Schedule.NOT_YET;
            return value;
        }
    }
}
