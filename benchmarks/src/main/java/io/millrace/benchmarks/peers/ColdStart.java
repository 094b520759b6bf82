package io.millrace.benchmarks.peers;

import io.millrace.Dataflow;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.RunningDataflow;
import java.nio.file.Path;

/** The main class of a JVM that loads a dataflow file, and says when its first message has come. With {@code EMPTY} instead of a file: says so at once. */
final class ColdStart {
    /** Where the scripts run the benchmarks from, the root of the repository. */
    static final String FILE = "benchmarks/cold-start.yml";

    private ColdStart() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments[0].equals("EMPTY")) {
            System.out.println("first");
            return;
        }
        try (RunningDataflow running = Dataflow.load(Path.of(arguments[0])).start()) {
            running.await();
        }
    }

    /** Sends one message, and ends. */
    public static final class Speaker implements Node {
        @Override
        public void run(NodeContext context) {
            context.output("word").send("hello");
        }
    }

    /** Says that it has come. */
    public static final class Listener implements Operator {
        @Override
        public void onInput(Input input, Message message) {
            System.out.println("first");
        }
    }
}
