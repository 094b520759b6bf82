import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import io.millrace.node.PayloadFormat;

/** Sends payloads of several lengths, and compares what comes back with them; says how that went. */
public final class SendBytes implements Node {
    private static final int[] LENGTHS = {1, 7, 64, 4096, 5000, 1_000_000};

    @Override
    public void run(NodeContext context) {
        String outcome = "all the same";
        for (int length : LENGTHS) {
            send(context.output("data"), length);
            Event event = context.next();
            while (event != null && event.type() != Event.Type.INPUT) {
                event = context.next();
            }
            if (event == null) {
                outcome = "the input ended before " + length + " bytes came back";
                break;
            }
            String problem = problem(event.message(), length);
            if (!problem.isEmpty()) {
                outcome = length + " bytes: " + problem;
                break;
            }
        }
        System.out.println("bytes that came back: " + outcome);
    }

    private static void send(Output output, int length) {
        Claim claim = output.claim(length);
        for (int at = 0; at < length; at++) {
            claim.putByte(at, (byte) (length + at));
        }
        claim.commit();
    }

    private static String problem(Message message, int length) {
        if (message.format() != PayloadFormat.BYTES) {
            return "came back as " + message.format();
        }
        if (message.length() != length) {
            return message.length() + " came back";
        }
        for (int at = 0; at < length; at++) {
            if (message.getByte(at) != (byte) (length + at)) {
                return "differ at " + at;
            }
        }
        return "";
    }
}
