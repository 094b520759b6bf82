import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Both ends of a Python node, for benchmarks/interop: sends at a fixed rate, and takes what comes back.
 *
 * <p>A message is due whether or not the one before has come back; its first eight bytes say when it was due, by the monotonic clock in nanoseconds, and its time counts
 * from then. The last {@code count} times go to the file {@code result}, eight bytes each. {@code rate}, {@code warmup} and {@code count} are messages, {@code bytes} is the size of each.
 */
public final class Ends implements Node {
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    public void run(NodeContext context) throws IOException {
        long rate = context.config().integer("rate");
        int warmup = Math.toIntExact(context.config().integer("warmup"));
        int total = warmup + Math.toIntExact(context.config().integer("count"));
        int bytes = Math.toIntExact(context.config().integer("bytes"));
        long[] times = new long[total];
        int sent = 0;
        int received = 0;
        context.sleep(SETTLE);
        long begin = System.nanoTime();
        while (received < total) {
            long due = begin + sent * 1_000_000_000L / rate;
            long early = due - System.nanoTime();
            if (sent < total && early <= 0) {
                send(context, bytes, due);
                sent++;
                continue;
            }
            Event event = context.next(sent < total ? Duration.ofNanos(early) : PATIENCE);
            if (event == null && (sent == total || context.isStopping())) {
                break;
            }
            if (event != null && event.type() == Event.Type.INPUT) {
                Message message = event.message();
                times[received++] = System.nanoTime() - message.getLong(0);
            } else if (event != null && event.type() == Event.Type.ALL_INPUTS_CLOSED) {
                break;
            }
        }
        write(Path.of(context.config().text("result")), times, Math.max(0, received - (total - warmup)), received);
        System.out.println(received + " of " + total + " came back");
    }

    private static void send(NodeContext context, int bytes, long due) {
        Claim claim = context.output("out").claim(bytes);
        for (int at = 0; at + 8 <= bytes; at += 8) {
            claim.putLong(at, 0);
        }
        claim.putLong(0, due);
        claim.commit();
    }

    private static void write(Path file, long[] times, int from, int to) throws IOException {
        ByteBuffer measured = ByteBuffer.allocate(Math.max(0, to - from) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = from; at < to; at++) {
            measured.putLong(times[at]);
        }
        Files.write(file, measured.array());
    }
}
