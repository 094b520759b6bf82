package io.millrace.local.isolated;

import io.millrace.node.NodeInterruptedException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was thrown in the other JVM: its words, where that was, and what it came of. An exception itself does not cross: its class need not be known here.
 *
 * @param text as by {@code toString}
 */
record Thrown(
        String type, String text, List<StackTraceElement> stack, Optional<Thrown> cause, List<Thrown> suppressed) {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_FRAMES = 100;
    private static final int MAX_SUPPRESSED = 8;
    private static final int MAX_TEXT = 64 * 1024;

    static Thrown of(Throwable t) {
        return of(t, 0);
    }

    private static Thrown of(Throwable t, int depth) {
        List<StackTraceElement> stack = List.of(t.getStackTrace());
        List<Thrown> suppressed = new ArrayList<>();
        if (depth < MAX_DEPTH) {
            for (Throwable each : t.getSuppressed()) {
                if (suppressed.size() < MAX_SUPPRESSED) {
                    suppressed.add(of(each, depth + 1));
                }
            }
        }
        return new Thrown(
                t.getClass().getName(),
                text(t),
                stack.subList(0, Math.min(stack.size(), MAX_FRAMES)),
                depth < MAX_DEPTH
                        ? Optional.ofNullable(t.getCause()).map(cause -> of(cause, depth + 1))
                        : Optional.empty(),
                suppressed);
    }

    private static String text(Throwable t) {
        try {
            String text = String.valueOf(t);
            return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
        } catch (RuntimeException e) { // words that are made by somebody's code
            return t.getClass().getName();
        }
    }

    void put(Packet out) {
        out.putText(type).putText(text);
        out.putList(
                stack,
                (packet, frame) -> packet.putText(frame.getClassName())
                        .putText(frame.getMethodName())
                        .putText(frame.getFileName() == null ? "" : frame.getFileName())
                        .putInt(frame.getLineNumber()));
        out.putFlag(cause.isPresent());
        cause.ifPresent(each -> each.put(out));
        out.putList(suppressed, (packet, each) -> each.put(packet));
    }

    static Thrown read(PacketReader in) {
        return read(in, 0);
    }

    private static Thrown read(PacketReader in, int depth) {
        if (depth > MAX_DEPTH + 1) {
            throw new io.millrace.local.dora.ProtocolException("expected causes at most " + MAX_DEPTH + " deep");
        }
        return new Thrown(
                in.text(),
                in.text(),
                in.list(Thrown::frame),
                in.flag() ? Optional.of(read(in, depth + 1)) : Optional.empty(),
                in.list(each -> read(each, depth + 1)));
    }

    private static StackTraceElement frame(PacketReader in) {
        String className = in.text();
        String method = in.text();
        String file = in.text();
        return new StackTraceElement(className, method, file.isEmpty() ? null : file, in.i32());
    }

    /** Stands for it here. What came of an interrupt is that again, for then it is no failure. */
    Exception exception() {
        Exception made = create();
        made.setStackTrace(stack.toArray(StackTraceElement[]::new));
        if (made.getCause() == null && cause.isPresent()) {
            made.initCause(cause.get().exception());
        }
        suppressed.forEach(each -> made.addSuppressed(each.exception()));
        return made;
    }

    private Exception create() {
        if (type.equals(InterruptedException.class.getName())) {
            return new InterruptedException(text);
        }
        if (type.equals(ClosedByInterruptException.class.getName())) {
            return new ClosedByInterruptException();
        }
        return type.equals(NodeInterruptedException.class.getName())
                ? new NodeInterruptedException(text)
                : new IsolatedFailure(text);
    }
}
