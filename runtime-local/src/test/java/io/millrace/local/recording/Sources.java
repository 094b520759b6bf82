package io.millrace.local.recording;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Claim;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.Operator;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.Assertions;

/** Dataflows to be recorded, and what their messages are compared by. */
final class Sources {
    static final Duration DEADLINE = Duration.ofMinutes(1);

    private Sources() {}

    /** A message as it was, without what differs from run to run. */
    record Sent(String output, PayloadFormat format, Parameters parameters, byte[] payload) {

        static Sent of(String output, Message message) {
            return new Sent(output, message.format(), message.parameters(), message.toByteArray());
        }

        static Sent of(RecordedMessage recorded) {
            return of(recorded.output(), recorded.message());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Sent that
                    && output.equals(that.output)
                    && format == that.format
                    && parameters.equals(that.parameters)
                    && Arrays.equals(payload, that.payload);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(payload);
        }

        @Override
        public String toString() {
            return output + " " + format + " " + parameters + " " + payload.length + " bytes";
        }
    }

    /** A source that sends these on the outputs that they name, one after the other. */
    static Node source(List<Sent> messages) {
        return context -> {
            for (Sent sent : messages) {
                String output = sent.output().substring(sent.output().indexOf('/') + 1);
                Claim claim = context.output(output).claim(sent.payload().length, sent.parameters());
                claim.putBytes(0, sent.payload(), 0, sent.payload().length);
                claim.format(sent.format()).commit();
            }
        };
    }

    /** Sends as many texts on its output {@code out}: {@code 0}, {@code 1}, ... */
    static Node counting(int count) {
        return context -> {
            for (int i = 0; i < count; i++) {
                context.output("out").send(Integer.toString(i));
            }
        };
    }

    /** Keeps what its inputs bring, under their names. */
    static final class Keeper implements Operator {
        private final List<Sent> kept;

        Keeper(List<Sent> kept) {
            this.kept = kept;
        }

        @Override
        public void onInput(Input input, Message message) {
            kept.add(Sent.of(input.id(), message));
        }
    }

    /** {@code source/out} and nobody who reads it. */
    static Dataflow counting(String name, int count) {
        return Dataflow.builder(name)
                .node("source", () -> counting(count), ports -> ports.output("out"))
                .build();
    }

    /** The source and a keeper of both of its outputs. */
    static Dataflow toKeeper(List<Sent> messages, List<Sent> kept) {
        return Dataflow.builder("kept")
                .node(
                        "source",
                        () -> source(messages),
                        ports -> ports.output("a").output("b"))
                .operator(
                        "keeper",
                        () -> new Keeper(kept),
                        ports -> ports.input("a", "source/a", QueuePolicy.BACKPRESSURE, 100)
                                .input("b", "source/b", QueuePolicy.BACKPRESSURE, 100))
                .build();
    }

    /** Runs it to its end, recorded from its first message on. */
    static RecorderCounts record(Dataflow dataflow, Path directory, RecorderOptions options) throws Exception {
        Recorder recorder = Recorder.open(directory, options);
        try (recorder;
                RunningDataflow running = dataflow.start(StartOptions.builder()
                        .whenOpen(recorder::attach)
                        .keepAlive(false)
                        .build())) {
            DataflowResult result = running.await(DEADLINE);
            Assertions.assertThat(result.failures()).isEmpty();
            Assertions.assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        }
        return recorder.counts();
    }

    /** All messages of a recording that is complete. */
    static List<Sent> read(Path directory) {
        List<Sent> all = new ArrayList<>();
        try (RecordingReader reader = Recording.open(directory).read(Selection.ALL)) {
            for (RecordedMessage next = reader.next(); next != null; next = reader.next()) {
                all.add(Sent.of(next));
            }
            Assertions.assertThat(reader.isComplete()).isTrue();
        }
        return all;
    }
}
