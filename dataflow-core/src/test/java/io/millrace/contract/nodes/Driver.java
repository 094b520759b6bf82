package io.millrace.contract.nodes;

import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node with its own loop that does what it is told: each text at its input {@code command} is one thing to do with one of its outputs, answered by
 * one line on its output {@code report}. Ends when no more commands come.
 *
 * <p>A command is {@code VERB[@OUTPUT] [ARGUMENT...]}; the output is {@code out} where none is named. What it sends is numbered for each output from 0,
 * as texts ({@code send}, {@code fill}, {@code offer}...) or as {@link Pattern} ({@code pattern}, {@code copy}). What is refused keeps its number.
 */
public final class Driver implements Node {
    private final Map<String, Long> numbers = new HashMap<>();

    @Override
    public void run(NodeContext context) {
        Output report = context.output("report");
        for (Event event = context.next(); event != null; event = context.next()) {
            if (event.type() == Event.Type.INPUT) {
                report.send(obey(context, event.message().text()));
            }
        }
    }

    private String obey(NodeContext context, String command) {
        String[] words = command.split(" ", -1);
        String[] verb = words[0].split("@", -1);
        Output out = context.output(verb.length == 1 ? "out" : verb[1]);
        return switch (verb[0]) {
            case "send" -> send(out, number(words, 1));
            case "pattern" -> pattern(out, number(words, 1), number(words, 2));
            case "copy" -> copy(out, number(words, 1), number(words, 2));
            case "fillPattern" -> fillPattern(out, number(words, 1), number(words, 2));
            case "fill" -> fill(out, number(words, 1));
            case "offer" -> numbered(out, out.offer(next(out)));
            case "sendFor" -> sendFor(context, out, Duration.ofMillis(number(words, 1)));
            case "tryClaim" -> tryClaim(out);
            case "claim" -> claim(out, number(words, 1));
            case "claimTwice" -> claimTwice(out);
            case "abort" -> abort(out);
            case "annotate" -> annotate(out);
            case "room" -> "room " + out.hasRoom() + ", closed " + out.isClosed();
            case "poll" -> "poll " + typeOf(context.poll());
            case "nextFor" -> nextFor(context, Duration.ofMillis(number(words, 1)));
            case "close" -> close(out);
            case "fail" -> throw new IllegalStateException("driver was told to fail");
            case "failClaiming" -> throw failClaiming(out);
            default -> throw new IllegalArgumentException("unknown command '" + command + "'");
        };
    }

    /** Waits for room. */
    private String send(Output out, int count) {
        for (int sent = 0; sent < count; sent++) {
            if (numbered(out, out.send(next(out))).equals("CLOSED")) {
                return "CLOSED after " + sent;
            }
        }
        return "sent " + count;
    }

    /** In place; waits for room. */
    private String pattern(Output out, int count, int length) {
        for (int sent = 0; sent < count; sent++) {
            Claim claim = out.claim(length);
            Pattern.write(claim, numbers.merge(out.id(), 1L, Long::sum) - 1);
            claim.commit();
        }
        return "sent " + count;
    }

    /** From a buffer, whose position must stay where it is; waits for room. */
    private String copy(Output out, int count, int length) {
        for (int sent = 0; sent < count; sent++) {
            ByteBuffer payload = Pattern.buffer(numbers.getOrDefault(out.id(), 0L), length);
            int position = payload.position();
            numbered(out, out.send(payload));
            if (payload.position() != position) {
                return "position moved from " + position + " to " + payload.position();
            }
        }
        return "sent " + count;
    }

    /** Never waits: until the output takes no more. */
    private String fill(Output out, int limit) {
        for (int sent = 0; sent < limit; sent++) {
            SendResult result = out.offer(next(out));
            if (result != SendResult.ACCEPTED) {
                return result + " after " + sent;
            }
            numbered(out, result);
        }
        return "ACCEPTED after " + limit;
    }

    /** The same in place. */
    private String fillPattern(Output out, int limit, int length) {
        for (int sent = 0; sent < limit; sent++) {
            @Nullable Claim claim = out.tryClaim(length);
            if (claim == null) {
                return (out.isClosed() ? "CLOSED" : "FULL") + " after " + sent;
            }
            Pattern.write(claim, numbers.merge(out.id(), 1L, Long::sum) - 1);
            claim.commit();
        }
        return "ACCEPTED after " + limit;
    }

    private String sendFor(NodeContext context, Output out, Duration timeout) {
        long beganNs = context.clock().nanoTime();
        SendResult result = out.send(next(out), timeout);
        boolean early = context.clock().nanoTime() - beganNs < timeout.toNanos();
        return numbered(out, result) + (result == SendResult.FULL && early ? " too early" : "");
    }

    private String tryClaim(Output out) {
        @Nullable Claim claim = out.tryClaim(Long.BYTES);
        if (claim == null) {
            return "null";
        }
        Pattern.write(claim, numbers.merge(out.id(), 1L, Long::sum) - 1);
        claim.commit();
        return "claimed";
    }

    private String claim(Output out, int length) {
        try {
            Claim claim = out.claim(length);
            Pattern.write(claim, numbers.merge(out.id(), 1L, Long::sum) - 1);
            claim.commit();
            return "claimed";
        } catch (IllegalArgumentException e) {
            return "IllegalArgumentException: " + e.getMessage();
        }
    }

    private String claimTwice(Output out) {
        Claim first = out.claim(Long.BYTES);
        try {
            out.claim(Long.BYTES).abort();
            return "claimed twice";
        } catch (IllegalStateException e) {
            return "IllegalStateException: " + e.getMessage();
        } finally {
            first.abort();
        }
    }

    private String abort(Output out) {
        Claim claim = out.claim(Long.BYTES);
        claim.putLong(0, -1);
        claim.abort();
        return "aborted";
    }

    /** One message with everything that may travel with a payload. */
    private String annotate(Output out) {
        byte[] json = "{\"speed\":4.5}".getBytes(StandardCharsets.UTF_8);
        Claim claim = out.claim(json.length, annotations()).format(PayloadFormat.JSON);
        claim.putBytes(0, json, 0, json.length);
        claim.commit();
        return "sent 1";
    }

    /** What {@code annotate} sends along: a value of every type. */
    public static Parameters annotations() {
        return Parameters.of("flag", true)
                .with("number", Long.MIN_VALUE)
                .with("decimal", -0.125)
                .with("text", "gr\u00fc\u00df\u2192\ud83d\ude80")
                .with("time", Instant.parse("2026-11-21T10:15:30.123456789Z"))
                .with("numbers", List.of(1L, -2L, Long.MAX_VALUE))
                .with("decimals", List.of(1.5, Double.MIN_VALUE))
                .with("texts", List.of("", "a"))
                .with("none", List.of());
    }

    private static String nextFor(NodeContext context, Duration timeout) {
        long beganNs = context.clock().nanoTime();
        String type = typeOf(context.next(timeout));
        boolean early = context.clock().nanoTime() - beganNs < timeout.toNanos();
        return "next " + type + (early ? " too early" : "");
    }

    private static String close(Output out) {
        out.close();
        out.close();
        return "closed " + out.isClosed();
    }

    private IllegalStateException failClaiming(Output out) {
        Pattern.write(out.claim(Long.BYTES), 666);
        return new IllegalStateException("driver was told to fail while it writes");
    }

    private ByteBuffer next(Output out) {
        return ByteBuffer.wrap(Long.toString(numbers.getOrDefault(out.id(), 0L)).getBytes(StandardCharsets.UTF_8));
    }

    private String numbered(Output out, SendResult result) {
        if (result == SendResult.ACCEPTED) {
            numbers.merge(out.id(), 1L, Long::sum);
        }
        return result.toString();
    }

    private static String typeOf(@Nullable Event event) {
        return event == null ? "null" : event.type().toString();
    }

    private static int number(String[] words, int index) {
        return Integer.parseInt(words[index]);
    }
}
