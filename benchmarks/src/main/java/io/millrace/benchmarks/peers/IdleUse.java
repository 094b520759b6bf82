package io.millrace.benchmarks.peers;

import io.millrace.Dataflow;
import io.millrace.DataflowBuilder;
import io.millrace.benchmarks.Arguments;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How much of a core a JVM uses in which nodes wait for messages that do not come: by the kernel's account of each of its threads. That JVM is another one, for to look at the accounts of twenty threads,
 * and to compile what looks, uses more than all of them.
 */
final class IdleUse {
    private static final String IS_UP = "up";

    private IdleUse() {}

    static void run(Arguments arguments, Figures figures) throws Exception {
        Process idle = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Idle.class.getName(),
                        arguments.text("nodes"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader printed = idle.inputReader()) {
            String line = printed.readLine();
            if (!IS_UP.equals(line)) {
                throw new IllegalStateException("the JVM that was to be idle says " + line);
            }
            Path threads = Path.of("/proc", Long.toString(idle.pid()), "task");
            Thread.sleep((long) (1e3 * arguments.decimal("warmup"))); // until what started has settled
            long usedBeforeNs = usedNs(threads);
            long beginNs = System.nanoTime();
            Thread.sleep((long) (1e3 * arguments.decimal("seconds")));
            figures.add("percent", 100.0 * (usedNs(threads) - usedBeforeNs) / (System.nanoTime() - beginNs));
            idle.getOutputStream().close(); // which ends it
            if (idle.waitFor() != 0) {
                throw new IllegalStateException("the JVM that was to be idle ended with " + idle.exitValue());
            }
        } finally {
            idle.destroyForcibly();
        }
    }

    private static long usedNs(Path task) throws IOException {
        List<Path> threads;
        try (Stream<Path> entries = Files.list(task)) {
            threads = entries.toList();
        }
        long sum = 0;
        for (Path thread : threads) {
            sum += ofThread(thread.resolve("schedstat"));
        }
        return sum;
    }

    private static long ofThread(Path schedstat) throws IOException {
        try {
            return Long.parseLong(Files.readString(schedstat).split(" ", -1)[0]);
        } catch (NoSuchFileException e) {
            return 0; // the thread has ended meanwhile
        }
    }

    /** The main class of the JVM that is looked at: it ends when its input does. */
    static final class Idle {
        private Idle() {}

        public static void main(String[] arguments) throws IOException {
            int nodes = Integer.parseInt(arguments[0]);
            if (nodes == 0) {
                await();
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
                await();
                if (running.state() != DataflowState.RUNNING) {
                    throw new IllegalStateException("the dataflow did not wait: it is " + running.state());
                }
            }
        }

        private static void await() throws IOException {
            System.out.println(IS_UP);
            if (System.in.read() >= 0) {
                throw new IllegalStateException("expected nothing but the end of the input");
            }
        }
    }
}
