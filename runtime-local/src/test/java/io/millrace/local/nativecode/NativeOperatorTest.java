package io.millrace.local.nativecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.testkit.HarnessBuilder;
import io.millrace.testkit.NodeHarness;
import io.millrace.testkit.SentMessage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A library in C, called as dora calls one. */
class NativeOperatorTest {
    private static final List<String> INPUTS =
            List.of("pass", "count", "halves", "sliced", "bytes", "nowhere", "map", "held", "stop", "other");

    @TempDir
    private static Path directory;

    private static Path library;

    private final BufferAllocator allocator = new RootAllocator();

    @BeforeAll
    static void shouldHaveALibrary() {
        Library.assumePossible();
        library = Library.compile(directory, "operator", "WITH_LIBRARY");
    }

    @AfterEach
    void shouldKeepNoMemory() {
        allocator.close();
    }

    private static NodeHarness open(Path file) {
        HarnessBuilder builder = NodeHarness.of(new NativeOperator(file)).output("out");
        INPUTS.forEach(builder::input);
        return builder.open();
    }

    private static SentMessage only(NodeHarness harness) {
        List<SentMessage> sent = harness.take("out");
        assertThat(sent).hasSize(1);
        return sent.get(0);
    }

    private Consumer<Output> numbers(long... values) {
        BigIntVector vector = new BigIntVector("data", allocator);
        for (int i = 0; i < values.length; i++) {
            vector.setSafe(i, values[i]);
        }
        vector.setValueCount(values.length);
        return Streams.sending(vector);
    }

    @Test
    void shouldTakeBytesTextAndNothingAsArrays() {
        try (NodeHarness harness = open(library)) {
            harness.feed("count", new byte[] {1, 2, 3});
            harness.feed("count", "text");
            harness.feed("count", new byte[0]);
            harness.feed("count", numbers(1, 2));
            assertThat(harness.sent("out", Streams::text))
                    .containsExactly("1: 3 of C", "2: 1 of u", "3: 0 of n", "4: 2 of l");
        }
    }

    @Test
    void shouldGiveBackWhatItPassesOn() {
        try (NodeHarness harness = open(library)) {
            byte[] bytes = new byte[100_000];
            bytes[99_999] = 7;
            harness.feed("pass", bytes, Parameters.of("open_telemetry_context", "trace:1"));
            SentMessage sent = only(harness);
            assertThat(sent.payload()).isEqualTo(bytes);
            assertThat(sent.format()).isEqualTo(PayloadFormat.BYTES);
            assertThat(sent.parameters()).isEqualTo(Parameters.of("open_telemetry_context", "trace:1"));
            harness.feed("pass", new byte[0]);
            assertThat(only(harness).length()).isZero();
            harness.feed("pass", "a text");
            SentMessage text = only(harness);
            assertThat(text.format()).isEqualTo(PayloadFormat.ARROW_IPC);
            assertThat(text.read(Streams::text)).isEqualTo("a text");
        }
    }

    @Test
    void shouldPassNestedArraysOn() {
        try (NodeHarness harness = open(library)) {
            harness.feed("pass", Streams.sending(Streams.points(allocator)));
            assertThat(only(harness).<String>read(Streams::content))
                    .isEqualTo("[{\"x\":1,\"name\":\"one\"}, null, {\"name\":\"three\"}]");
        }
    }

    @Test
    void shouldComputeWithNumbers() {
        try (NodeHarness harness = open(library)) {
            harness.feed("halves", numbers(1, 2, 5));
            assertThat(only(harness).<String>read(Streams::content)).isEqualTo("[0.5, 1.0, 2.5]");
        }
    }

    @Test
    void shouldTakeAnArrayThatBeginsWithinItsMemory() {
        try (NodeHarness harness = open(library)) {
            harness.feed("sliced", new byte[1]);
            assertThat(only(harness).<String>read(Streams::content)).isEqualTo("[12, null, 14]");
            harness.feed("bytes", new byte[1]);
            assertThat(only(harness).payload()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void shouldFreeWhatItHasTaken() {
        try (NodeHarness harness = open(library)) {
            for (String input : List.of("count", "sliced", "bytes", "pass")) {
                harness.feed(input, new byte[10]);
            }
            harness.feed("held", new byte[0]);
            List<SentMessage> sent = harness.take("out");
            assertThat(sent.get(sent.size() - 1).<String>read(Streams::text)).isEqualTo("0 held");
        }
    }

    @Test
    void shouldHearOfClosedInputsAndOfTheStop() {
        try (NodeHarness harness = open(library)) {
            harness.closeInput("pass");
            assertThat(only(harness).<String>read(Streams::text)).isEqualTo("closed pass");
            harness.stop();
            assertThat(only(harness).<String>read(Streams::text)).isEqualTo("stopped");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            other   | the operator does not know this input
            nowhere | node 'node' has no output 'nowhere': its outputs are [out]
            map     | output 'node/out': the type '+m' of Arrow's C data interface is not supported
            """)
    void shouldFailWithTheOperatorsWords(String input, String words) {
        NodeHarness harness = open(library);
        assertThatThrownBy(() -> {
                    try (harness) {
                        harness.feed(input, new byte[1]);
                    }
                })
                .isInstanceOf(NativeOperatorException.class)
                .hasMessageStartingWith(words);
    }

    @Test
    void shouldNameWhatItCannotTake() {
        NodeHarness harness = open(library);
        assertThatThrownBy(() -> {
                    try (harness) {
                        harness.feed("pass", output -> {
                            var claim = output.claim(3);
                            claim.putBytes(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
                            claim.format(PayloadFormat.ARROW_IPC).commit();
                        });
                    }
                })
                .hasMessage(
                        "input 'pass': the payload is no Arrow IPC stream: it leads outside of itself, or ends early");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            FAILS_AT_INIT | the sensor is not plugged in
            WITHOUT_DROP  | FILE has no function 'dora_drop_operator': a dora operator has dora_init_operator, dora_on_event and dora_drop_operator
            ID_AT=96      | FILE has an input's id elsewhere than dora-operator-api 1.x built by a Rust of 1.95 has
            """)
    void shouldSayWhyALibraryCannotBeUsed(String macro, String words) {
        Path file = Library.compile(directory, macro.replaceAll("\\W", ""), "WITH_LIBRARY", macro);
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(NativeOperatorException.class)
                .hasMessageStartingWith(words.replace("FILE", "shared library '" + file + "'"));
    }

    @Test
    void shouldSayWhyAFileIsNoLibrary() throws Exception {
        Path file = Files.writeString(directory.resolve("libtext.so"), "no library");
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(NativeOperatorException.class)
                .hasMessageStartingWith("shared library '" + file + "' cannot be loaded: ");
    }
}
