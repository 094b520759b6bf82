package io.millrace.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Threads in a row with a wire between each two. */
final class WirePipe implements Pipe {
    private final Supplier<Wire> wires;
    private final int hops;
    private final long added;

    /** @param added by each thread between the first and the last: what a node in the middle does */
    WirePipe(Supplier<Wire> wires, int hops, long added) {
        this.wires = wires;
        this.hops = hops;
        this.added = added;
    }

    @Override
    public void run(Schedule schedule, Sink sink) throws InterruptedException {
        List<Wire> row = new ArrayList<>();
        for (int i = 0; i < hops; i++) {
            row.add(wires.get());
        }
        Crew crew = new Crew();
        for (int i = 1; i < hops; i++) {
            Wire from = row.get(i - 1);
            Wire to = row.get(i);
            crew.start(
                    "relay-" + i, () -> receive(from, value -> to.send(value == Schedule.END ? value : value + added)));
        }
        crew.start(
                "sink",
                () -> receive(row.get(hops - 1), value -> {
                    if (value != Schedule.END) {
                        sink.onValue(value);
                    }
                }));
        crew.start("source", () -> send(schedule, row.get(0)));
        crew.await();
        row.forEach(Wire::close);
    }

    private static void send(Schedule schedule, Wire wire) {
        long value;
        do {
            value = schedule.next();
            if (value == Schedule.NOT_YET) {
                Thread.onSpinWait();
            } else {
                wire.send(value);
            }
        } while (value != Schedule.END);
    }

    private static void receive(Wire wire, Sink sink) throws InterruptedException {
        Ending ending = new Ending(sink);
        while (!ending.isOver) {
            if (wire.receive(ending) == 0) {
                wire.await(ending);
            }
        }
    }

    /** Hands everything on and notices the end. */
    private static final class Ending implements Sink {
        private final Sink sink;
        private boolean isOver;

        Ending(Sink sink) {
            this.sink = sink;
        }

        @Override
        public void onValue(long value) {
            sink.onValue(value);
            if (value == Schedule.END) {
                isOver = true;
            }
        }
    }
}
