package io.millrace.samples.codecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.codec.CodecException;
import io.millrace.codec.Codecs;
import io.millrace.node.SendResult;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.samples.codecs.Sounding.Place;
import io.millrace.samples.codecs.Sounding.Quality;
import io.millrace.testkit.NodeHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CodecsSampleTest {
    private static final Place PLACE = new Place(37.93, 23.64);

    private static short[] echo(int loudest, int loudness) {
        short[] samples = new short[100];
        samples[loudest] = (short) loudness;
        return samples;
    }

    @Test
    void shouldSoundTheDepthOfTheLoudestSample() {
        try (NodeHarness harness =
                NodeHarness.of(new Sounder()).input("echo").output("soundings").open()) {
            harness.feed("echo", out -> {
                Codecs.SHORTS.send(out, echo(42, 5000));
                Codecs.SHORTS.send(out, echo(7, 500));
                Codecs.SHORTS.send(out, new short[0]);
            });

            assertThat(harness.sent("soundings", Sounding.CODEC::read))
                    .extracting(Sounding::meters)
                    .containsExactly(4.2f, 0.7f, 0f);
            assertThat(harness.sent("soundings", Sounding.CODEC::read))
                    .extracting(Sounding::quality)
                    .containsExactly(Quality.CLEAR, Quality.FAINT, Quality.FAINT);
        }
    }

    @Test
    void shouldWatchTheWaterBecomeShallow() {
        try (NodeHarness harness =
                NodeHarness.of(new Watch()).input("soundings").output("shallow").open()) {
            harness.feed("soundings", out -> {
                Sounding.CODEC.send(out, new Sounding(1000, PLACE, 1.5f, Quality.CLEAR, null));
                Sounding.CODEC.send(out, new Sounding(2000, PLACE, 9f, Quality.FAINT, "noise"));
                Sounding.CODEC.send(out, new Sounding(3500, PLACE, 1.2f, Quality.CLEAR, null));
                Sounding.CODEC.send(out, new Sounding(4000, PLACE, 3f, Quality.CLEAR, null));
                Sounding.CODEC.send(out, new Sounding(5000, PLACE, 1f, Quality.CLEAR, null));
            });

            assertThat(harness.sent("shallow", DurationCodec.INSTANCE::read))
                    .containsExactly(Duration.ZERO, Duration.ofMillis(2500), Duration.ZERO);
        }
    }

    @Test
    void shouldNameBothCodecsWhenTheWrongOutputIsRead() {
        try (NodeHarness harness =
                NodeHarness.of(new Journal()).input("soundings").output("lines").open()) {
            assertThatThrownBy(() -> harness.feed("soundings", out -> Codecs.SHORTS.send(out, echo(1, 1))))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("was written as an array of shorts (codec 274), and is read as Sounding(");
        }
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void shouldWriteTheJournalWhenTheApplicationPublishesEchoes() throws Exception {
        Dataflow dataflow = Dataflow.parse("""
                queue_policy: backpressure
                nodes:
                  - {id: sounder, class: io.millrace.samples.codecs.Sounder, inputs: {echo: millrace/app/echo}, outputs: [soundings]}
                  - {id: journal, class: io.millrace.samples.codecs.Journal, inputs: {soundings: sounder/soundings}, outputs: [lines]}
                """);
        List<String> lines = new ArrayList<>();
        try (RunningDataflow running =
                        dataflow.start(StartOptions.builder().keepAlive(false).build());
                var journal = running.subscribe("journal/lines", SubscribeOptions.backpressure(8))) {
            try (Publisher publisher = running.publisher("echo")) {
                assertThat(publisher.send(Codecs.SHORTS, echo(42, 5000), Duration.ofMinutes(1)))
                        .isEqualTo(SendResult.ACCEPTED);
                assertThat(publisher.send(Codecs.SHORTS, echo(7, 500), Duration.ofMinutes(1)))
                        .isEqualTo(SendResult.ACCEPTED);
            }
            while (!journal.isClosed()) {
                journal.poll(message -> lines.add(Codecs.TEXT.read(message)), Duration.ofSeconds(1));
            }
        }
        assertThat(lines)
                .containsExactly(
                        "4.2 m at Place[latitude=37.93, longitude=23.64]",
                        "0.7 m at Place[latitude=37.93, longitude=23.64]: is the sounder in the water?");
    }
}
