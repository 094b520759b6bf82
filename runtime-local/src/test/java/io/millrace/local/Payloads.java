package io.millrace.local;

import io.millrace.node.Claim;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.testkit.NodeHarness;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/** Payloads on their way from one node to another, without threads. */
public final class Payloads {
    private Payloads() {}

    /** What a node reads from what another sends; what the reader throws comes out here. */
    public static <T> T exchange(Consumer<Output> sender, Function<? super Message, T> reader) {
        AtomicReference<T> read = new AtomicReference<>();
        Operator receiver = new Operator() {
            @Override
            public void onInput(Input input, Message message) {
                read.set(reader.apply(message));
            }
        };
        try (NodeHarness harness = NodeHarness.of(receiver).input("in").open()) {
            harness.feed("in", sender);
        }
        return read.get();
    }

    /** Sends bytes in the name of the codec with this id. */
    public static Consumer<Output> raw(int formatCode, byte[] payload) {
        return output -> {
            Claim claim = output.claim(payload.length);
            claim.putBytes(0, payload, 0, payload.length);
            claim.formatCode(formatCode).commit();
        };
    }

    /** A copy with some bits, bytes or the end of it changed. */
    public static byte[] damaged(byte[] right, Random random) {
        byte[] payload =
                random.nextInt(8) == 0 ? Arrays.copyOf(right, random.nextInt(right.length + 9)) : right.clone();
        for (int i = 1 + random.nextInt(4); i > 0 && payload.length > 0; i--) {
            int at = random.nextInt(payload.length);
            payload[at] = switch (random.nextInt(5)) {
                case 0 -> (byte) random.nextInt();
                case 1 -> (byte) (payload[at] ^ 1 << random.nextInt(8));
                case 2 -> (byte) (payload[at] + (random.nextBoolean() ? 1 : -1));
                case 3 -> 0;
                default -> (byte) (random.nextBoolean() ? 0xFF : 0x7F);
            };
        }
        return payload;
    }
}
