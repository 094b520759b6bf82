package io.millrace.benchmarks.peers;

import java.util.concurrent.atomic.AtomicBoolean;

/** The floor of every tail: one thread that sends to itself, beside another that only spins, so that as many threads run as where two take part. */
final class ClockPipe implements Pipe {
    @Override
    public void run(Schedule schedule, Sink sink) throws InterruptedException {
        AtomicBoolean isOver = new AtomicBoolean();
        Crew crew = new Crew();
        crew.start("spinner", () -> {
            while (!isOver.getAcquire()) {
                Thread.onSpinWait();
            }
        });
        crew.start("clock", () -> {
            for (long value = schedule.next(); value != Schedule.END; value = schedule.next()) {
                if (value == Schedule.NOT_YET) {
                    Thread.onSpinWait();
                } else {
                    sink.onValue(value);
                }
            }
            isOver.setRelease(true);
        });
        crew.await();
    }
}
