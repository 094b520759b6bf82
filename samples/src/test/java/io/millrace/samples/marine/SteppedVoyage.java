package io.millrace.samples.marine;

import io.millrace.testkit.HarnessBuilder;
import io.millrace.testkit.NodeHarness;
import io.millrace.testkit.SentMessage;
import java.nio.file.Path;
import java.util.Map;

/** The marine dataflow with the test kit in place of a runtime: each node sees all of its input before the next one runs. */
final class SteppedVoyage {
    private final Path directory;

    SteppedVoyage(Path directory) {
        this.directory = directory;
    }

    /** Leaves {@code out/summary.json} and {@code out/voyage.html} in the directory. */
    void run(Path log) {
        NodeHarness feed = at(NodeHarness.of(new Feed()))
                .config("file", log.toString())
                .output("line")
                .open();
        feed.run();

        NodeHarness parser = ports(NodeHarness.of(new Parser()), "line", "position depth wind course quality");
        pour(feed, Map.of("line", "line"), parser);

        NodeHarness lookout = ports(NodeHarness.of(new Lookout()), "depth", "alarm");
        pour(parser, Map.of("depth", "depth"), lookout);

        NodeHarness navigator = ports(NodeHarness.of(new Navigator()), "position wind course", "track wind");
        pour(parser, Map.of("position", "position", "wind", "wind", "course", "course"), navigator);

        NodeHarness chart = ports(NodeHarness.of(new Chart()), "track wind depth alarm quality", "");
        for (SentMessage message : parser.sent("depth")) {
            chart.feed("depth", message);
        }
        navigator.sent("track").forEach(message -> chart.feed("track", message));
        navigator.sent("wind").forEach(message -> chart.feed("wind", message));
        lookout.sent("alarm").forEach(message -> chart.feed("alarm", message));
        parser.sent("quality").forEach(message -> chart.feed("quality", message));
        for (String input : new String[] {"track", "wind", "depth", "alarm", "quality"}) {
            chart.closeInput(input);
        }
        chart.run();
    }

    private HarnessBuilder at(HarnessBuilder builder) {
        return builder.workingDirectory(directory);
    }

    private NodeHarness ports(HarnessBuilder builder, String inputs, String outputs) {
        for (String input : inputs.split(" ", -1)) {
            builder.input(input);
        }
        for (String output : outputs.isEmpty() ? new String[0] : outputs.split(" ", -1)) {
            builder.output(output);
        }
        return at(builder).open();
    }

    /** In the order in which it was sent, whatever the output; then the inputs close. */
    private static void pour(NodeHarness from, Map<String, String> inputOfOutput, NodeHarness to) {
        for (SentMessage message : from.sent()) {
            String input = inputOfOutput.get(message.output());
            if (input != null) {
                to.feed(input, message);
            }
        }
        inputOfOutput.values().forEach(to::closeInput);
    }
}
