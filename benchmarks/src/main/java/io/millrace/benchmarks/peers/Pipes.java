package io.millrace.benchmarks.peers;

import io.millrace.benchmarks.Arguments;
import io.millrace.graph.Execution.Idle;
import io.millrace.graph.QueuePolicy;
import java.util.function.Supplier;

/** Makes the pipe that the arguments ask for. */
final class Pipes {
    /** Of rings, for all lengths. */
    private static final int RING_BYTES = 512 * 1024;

    private static final int SHORT = 64;
    private static final int CAPACITY = 4096;
    private static final int CAPACITY_OF_LONG = 256;

    private Pipes() {}

    static Pipe create(Arguments arguments) {
        Carrier carrier = Carrier.valueOf(arguments.text("carrier"));
        int hops = arguments.number("hops", 1);
        int added = arguments.number("added", 0);
        return switch (carrier) {
            case MILLRACE -> nodes(arguments, hops, added);
            case CLOCK -> new ClockPipe();
            case JET -> new JetPipe(added);
            case PEKKO -> new PekkoPipe(added);
            default -> new WirePipe(() -> wire(carrier, arguments), hops, added);
        };
    }

    private static Pipe nodes(Arguments arguments, int hops, int added) {
        Template template = Template.of(arguments.number("length"));
        QueuePolicy policy = arguments.choice(QueuePolicy.class, "policy", QueuePolicy.BACKPRESSURE);
        Idle idle =
                arguments.choice(Waiting.class, "waiting", Waiting.SPIN) == Waiting.SPIN ? Idle.BUSY_SPIN : Idle.PARK;
        return new NodePipe(template, policy, capacity(arguments), idle, hops, added, arguments.text("form", ""));
    }

    private static Wire wire(Carrier carrier, Arguments arguments) {
        Template template = Template.of(arguments.number("length"));
        int capacity = capacity(arguments);
        Waiting waiting = arguments.choice(Waiting.class, "waiting", Waiting.SPIN);
        Supplier<Wire> bare = () -> switch (carrier) {
            case AGRONA_WRITE -> new AgronaWire(template, RING_BYTES, false, waiting);
            case AGRONA_CLAIM -> new AgronaWire(template, RING_BYTES, true, waiting);
            case DISRUPTOR -> new DisruptorWire(template, capacity, waiting);
            case JCTOOLS -> QueueWire.jctools(template, capacity, waiting);
            case AERON_IPC -> new AeronWire(template, waiting);
            case BLOCKING_QUEUE -> QueueWire.blocking(template, capacity);
            case SLOT_RING -> new SlotWire(template, capacity);
            default -> throw new IllegalArgumentException(carrier + " is no wire");
        };
        boolean isWoken = waiting == Waiting.PARK && carrier != Carrier.BLOCKING_QUEUE;
        return isWoken ? new ParkedWire(bare.get()) : bare.get();
    }

    /** In messages: with it an edge's ring has about the bytes of a bare one, and the messages travel inside it. */
    private static int capacity(Arguments arguments) {
        return arguments.number("capacity", arguments.number("length") <= SHORT ? CAPACITY : CAPACITY_OF_LONG);
    }
}
