package io.millrace.local.dora;

import io.millrace.node.Parameters;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Values of every kind, by chance. */
final class RandomMessages {
    private static final String[] LETTERS = {"a", "Z", "_", "9", "-", "/", "\u00e9", "\u20ac", "\ud83d\ude00", "\0"};

    private final Random random;

    RandomMessages(long seed) {
        random = new Random(seed);
    }

    Request request() {
        return switch (random.nextInt(13)) {
            case 0 ->
                new Request.Register(
                        new UUID(random.nextLong(), random.nextLong()), text(), text(), random.nextInt(1 << 16));
            case 1 -> new Request.Subscribe();
            case 2 -> new Request.SendMessage(text(), metadata(), payload());
            case 3 -> new Request.OutputSent(text(), metadata());
            case 4 -> new Request.CloseOutputs(list(this::text));
            case 5 -> new Request.OutputsDone();
            case 6 -> new Request.NextEvent();
            case 7 -> new Request.EventStreamDropped();
            case 8 -> new Request.Configuration(text());
            case 9 -> new Request.ExtensionStore(text(), text(), bytes());
            case 10 -> new Request.ExtensionLoad(text(), text(), random.nextBoolean());
            case 11 -> new Request.ExtensionDrop(text(), text());
            default -> new Request.ExtensionRequest(text(), bytes());
        };
    }

    Reply reply() {
        return switch (random.nextInt(6)) {
            case 0 -> Reply.Result.OK;
            case 1 -> new Reply.Result(text());
            case 2 -> new Reply.ExtensionValue(random.nextBoolean() ? bytes() : null);
            case 3 -> new Reply.Empty();
            case 4 -> new Reply.ExtensionReply(bytes());
            default -> new Reply.NextEvents(list(this::timedEvent));
        };
    }

    TimedEvent timedEvent() {
        return new TimedEvent(event(), timestamp());
    }

    private NodeEvent event() {
        return switch (random.nextInt(11)) {
            case 0 -> new NodeEvent.Stop();
            case 1 -> new NodeEvent.Reload(random.nextBoolean() ? text() : null);
            case 2 -> new NodeEvent.Input(text(), metadata(), payload());
            case 3 -> new NodeEvent.InputClosed(text());
            case 4 -> new NodeEvent.InputRecovered(text());
            case 5 -> new NodeEvent.NodeRestarted(text());
            case 6 -> new NodeEvent.AllInputsClosed();
            case 7 -> new NodeEvent.ParamUpdate(text(), bytes());
            case 8 -> new NodeEvent.ParamDeleted(text());
            case 9 -> new NodeEvent.NodeFailed(list(this::text), text(), text());
            default -> new NodeEvent.ExtensionDropped(text(), text());
        };
    }

    Timestamp timestamp() {
        return new Timestamp(
                random.nextLong() >>> random.nextInt(64), new ClockId(random.nextLong(), 1 | random.nextLong()));
    }

    Metadata metadata() {
        Map<String, Object> parameters = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            parameters.put(text() + i, parameter());
        }
        return new Metadata(timestamp(), random.nextBoolean() ? Metadata.ARROW_IPC : null, Parameters.of(parameters));
    }

    private Object parameter() {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextBoolean();
            case 1 -> number();
            case 2 -> text();
            case 3 -> list(this::number);
            case 4 -> Double.longBitsToDouble(random.nextLong());
            case 5 -> list(random::nextGaussian);
            case 6 -> list(this::text);
            default -> Instant.ofEpochSecond(random.nextLong(1L << 42) - (1L << 41), random.nextInt(1_000_000_000));
        };
    }

    private Long number() {
        return random.nextLong() >> random.nextInt(64);
    }

    private @Nullable Payload payload() {
        if (random.nextInt(4) == 0) {
            return null;
        }
        ByteBuffer[] pieces = new ByteBuffer[1 + random.nextInt(3)];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = bytes();
        }
        return Payload.of(pieces);
    }

    private ByteBuffer bytes() {
        byte[] bytes = new byte[random.nextInt(20) == 0 ? random.nextInt(40_000) : random.nextInt(40)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(10) == 0 ? 200 : 12); i > 0; i--) {
            text.append(LETTERS[random.nextInt(random.nextInt(3) == 0 ? LETTERS.length : 4)]);
        }
        return text.length() < 60
                ? text.toString()
                : text.substring(0, 60).replace('\ud83d', 'x').replace('\ude00', 'x');
    }

    private <T> List<T> list(Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }
}
