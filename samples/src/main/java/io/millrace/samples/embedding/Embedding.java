package io.millrace.samples.embedding;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.SendResult;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.SubscribeOptions;
import java.time.Duration;

/** An application that feeds a dataflow from a thread of its own, and listens to it. */
public final class Embedding {
    /** The node: says how long each word is. */
    public static final class Measure implements Operator {
        private Output report;

        @Override
        public void open(NodeContext context) {
            report = context.output("report");
        }

        @Override
        public void onInput(Input word, Message message) {
            report.send(message.text() + " has " + message.length() + " letters"); // never FULL for an operator
        }
    }

    public static void main(String[] args) throws InterruptedException {
        var dataflow = Dataflow.builder("embedding")
                .operator(
                        "measure",
                        Measure::new,
                        node -> node.output("report").input("word", "millrace/app/words", QueuePolicy.BACKPRESSURE, 16))
                .build();
        try (var running = dataflow.start();
                var reports = running.subscribe("measure/report", SubscribeOptions.backpressure(16))) {
            new Thread(() -> publish(running, "water", "wheel", "millstone"), "words").start();
            while (!reports.isClosed()) {
                reports.poll(report -> System.out.println(report.text()), Duration.ofSeconds(1));
            }
        } // closing stops the dataflow, if it has not ended by itself
    }

    private static void publish(RunningDataflow to, String... words) {
        try (Publisher publisher = to.publisher("words")) { // closing it ends the node
            for (String word : words) {
                SendResult result = publisher.send(word, Duration.ofSeconds(5));
                System.out.println("published " + word + ": " + result);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
