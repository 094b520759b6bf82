package io.millrace.benchmarks.peers;

import io.millrace.Dataflow;
import io.millrace.DataflowBuilder;
import io.millrace.benchmarks.Arguments;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How much of a core a JVM uses in which nodes wait for messages that do not come: by the kernel's account of each of its threads. */
final class IdleUse {
    private static final Path THREADS = Path.of("/proc/self/task");

    /** The first looks at the files of many threads use more time than many later ones, and a part of each look is counted. */
    private static final int LOOKS_AHEAD = 50;

    private IdleUse() {}

    static void run(Arguments arguments, Figures figures) throws Exception {
        int nodes = arguments.number("nodes");
        if (nodes == 0) {
            measure(arguments, figures);
            return;
        }
        DataflowBuilder builder = Dataflow.builder("idle");
        for (int i = 0; i < nodes; i++) {
            String from = i == 0 ? "millrace/app/words" : "node-" + (i - 1) + "/data";
            builder.operator(
                    "node-" + i,
                    () -> new Operator() {},
                    node -> node.input("data", from, QueuePolicy.BACKPRESSURE, 10)
                            .output("data"));
        }
        try (RunningDataflow running = builder.build().start()) {
            measure(arguments, figures);
            if (running.state() != DataflowState.RUNNING) {
                throw new IllegalStateException("the dataflow did not wait: it is " + running.state());
            }
        }
    }

    private static void measure(Arguments arguments, Figures figures) throws IOException, InterruptedException {
        for (int i = 0; i < LOOKS_AHEAD; i++) {
            usedNs();
        }
        Thread.sleep((long) (1e3 * arguments.decimal("warmup"))); // until what started has settled
        long usedBeforeNs = usedNs();
        long beginNs = System.nanoTime();
        Thread.sleep((long) (1e3 * arguments.decimal("seconds")));
        figures.add("percent", 100.0 * (usedNs() - usedBeforeNs) / (System.nanoTime() - beginNs));
    }

    private static long usedNs() throws IOException {
        List<Path> threads;
        try (Stream<Path> entries = Files.list(THREADS)) {
            threads = entries.toList();
        }
        long sum = 0;
        for (Path thread : threads) {
            sum += usedNs(thread.resolve("schedstat"));
        }
        return sum;
    }

    private static long usedNs(Path schedstat) throws IOException {
        try {
            return Long.parseLong(Files.readString(schedstat).split(" ", -1)[0]);
        } catch (NoSuchFileException e) {
            return 0; // the thread has ended meanwhile
        }
    }
}
