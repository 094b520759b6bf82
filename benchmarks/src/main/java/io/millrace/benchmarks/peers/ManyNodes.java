package io.millrace.benchmarks.peers;

import io.millrace.Dataflow;
import io.millrace.DataflowBuilder;
import io.millrace.benchmarks.Arguments;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.SendResult;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A dataflow of many nodes, one behind the other: how long it takes to start, to pass one message through all, and to stop. The last of several times counts. */
final class ManyNodes {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private ManyNodes() {}

    static void run(Arguments arguments, Figures figures) throws Exception {
        int nodes = arguments.number("nodes");
        StartOptions options =
                StartOptions.builder().threads(arguments.number("threads", 0)).build();
        Times times = once(nodes, options);
        for (int i = 1; i < arguments.number("times"); i++) {
            times = once(nodes, options);
        }
        figures.add("build", times.buildMs);
        figures.add("start", times.startMs);
        figures.add("pass", times.passMs);
        figures.add("stop", times.stopMs);
        figures.add("memory", times.mebibytes);
    }

    private static Times once(int nodes, StartOptions options) throws InterruptedException, IOException {
        CountDownLatch arrived = new CountDownLatch(1);
        long beginNs = System.nanoTime();
        Dataflow dataflow = dataflow(nodes, arrived);
        long builtNs = System.nanoTime();
        RunningDataflow running = dataflow.start(options);
        long startedNs = System.nanoTime();
        long arrivedNs;
        double mebibytes;
        try (running) {
            pass(running, arrived);
            arrivedNs = System.nanoTime();
            mebibytes = residentMebibytes();
        }
        long stoppedNs = System.nanoTime();
        return new Times(
                (builtNs - beginNs) / 1e6,
                (startedNs - builtNs) / 1e6,
                (arrivedNs - startedNs) / 1e6,
                (stoppedNs - arrivedNs) / 1e6,
                mebibytes);
    }

    private static void pass(RunningDataflow running, CountDownLatch arrived) throws InterruptedException {
        Publisher words = running.publisher("words");
        SendResult result = words.send(ByteBuffer.allocate(Long.BYTES), PATIENCE);
        if (result != SendResult.ACCEPTED || !arrived.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the message did not pass all nodes: sending it was " + result);
        }
    }

    private static Dataflow dataflow(int nodes, CountDownLatch arrived) {
        DataflowBuilder builder = Dataflow.builder("many");
        for (int i = 0; i < nodes; i++) {
            String from = i == 0 ? "millrace/app/words" : "node-" + (i - 1) + "/data";
            boolean isLast = i == nodes - 1;
            builder.operator("node-" + i, () -> isLast ? new Last(arrived) : new Relay(), node -> {
                node.input("data", from, QueuePolicy.BACKPRESSURE, 10);
                if (!isLast) {
                    node.output("data");
                }
            });
        }
        return builder.build();
    }

    /** What the whole process has in memory. */
    private static double residentMebibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private record Times(double buildMs, double startMs, double passMs, double stopMs, double mebibytes) {}

    private static final class Relay implements Operator {
        private @Nullable Output data;

        @Override
        public void open(NodeContext context) {
            data = context.output("data");
        }

        @Override
        public void onInput(Input input, Message message) {
            Objects.requireNonNull(data).claim(message.length()).commit();
        }
    }

    private record Last(CountDownLatch arrived) implements Operator {
        @Override
        public void onInput(Input input, Message message) {
            arrived.countDown();
        }
    }
}
