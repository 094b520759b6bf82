package io.millrace.local.isolated;

import io.millrace.layout.EventView;
import io.millrace.local.dora.ProtocolException;
import io.millrace.node.Clock;
import io.millrace.node.Config;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.NodeFailure;
import io.millrace.node.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** The surroundings of an operator, or of a node with its own loop, in its own JVM. Thread rules as in {@link NodeContext}. */
final class RemoteContext implements NodeContext {
    private static final Event.Type[] EVENTS = Event.Type.values();

    private final Conversation conversation;
    private final int slot;
    private final String dataflow;
    private final String nodeId;
    private final String operatorId;
    private final int incarnation;
    private final long epoch;
    private final Path workingDirectory;
    private final Map<String, String> env;
    private final Config config;
    private final List<RemoteInput> inputs;
    private final List<RemoteOutput> outputs;
    private final @Nullable ByteBuffer restored;
    private final boolean isReactive;
    private final Logger logger;
    private final Hand hand = new Hand();
    private final EventView event = new EventView();
    private boolean isOpening = true;
    private boolean hasEnded;

    RemoteContext(Conversation conversation, int slot, PacketReader in, Records records) {
        this.conversation = conversation;
        this.slot = slot;
        dataflow = in.text();
        nodeId = in.text();
        operatorId = in.text();
        incarnation = in.i32();
        epoch = in.i64();
        workingDirectory = Path.of(in.text());
        env = Map.copyOf(in.textMap());
        config = new Config(part(), Values.read(in));
        isReactive = in.flag();
        restored = in.flag() ? ByteBuffer.wrap(in.block()) : null;
        logger = new RemoteLogger(in.text(), Level.intToLevel(in.i32()), slot, records);
        inputs = new ArrayList<>();
        in.list(each -> inputs.add(new RemoteInput(inputs.size(), each)));
        outputs = new ArrayList<>();
        in.list(each -> outputs.add(new RemoteOutput(outputs.size(), each, this)));
    }

    /** What the constructor reads. */
    static void put(Packet out, NodeContext context, boolean isReactive, int logLevel) {
        out.putText(context.dataflow()).putText(context.nodeId()).putText(context.operatorId());
        out.putInt(context.incarnation())
                .putLong(context.epoch())
                .putText(context.workingDirectory().toString());
        out.putTexts(context.env());
        Values.put(out, context.config().asMap());
        out.putFlag(isReactive);
        Optional<ByteBuffer> restored = context.restored();
        out.putFlag(restored.isPresent());
        restored.ifPresent(state -> out.putBytes(state, state.position(), state.remaining()));
        out.putText(context.logger().getName()).putInt(logLevel);
        out.putList(context.inputs(), RemoteInput::put);
        out.putList(context.outputs(), RemoteOutput::put);
    }

    // For the ports.

    Packet begin(Ask ask) {
        return conversation.begin(ask, slot);
    }

    Packet out() {
        return conversation.out();
    }

    PacketReader ask() {
        return conversation.ask();
    }

    void tell() {
        conversation.tell();
    }

    boolean isReactive() {
        return isReactive;
    }

    /** Whether a callback runs, so that what is sent is always taken. */
    boolean isCalledBack() {
        return isReactive && !isOpening;
    }

    void setOpen() {
        isOpening = false;
    }

    // For the calls.

    RemoteInput inputAt(int index) {
        if (index >= inputs.size()) {
            throw new ProtocolException("expected an input, of which there are " + inputs.size() + ", found " + index);
        }
        return inputs.get(index);
    }

    /** Which inputs are closed now. */
    void readClosed(PacketReader in) {
        int bits = 0;
        for (int i = 0; i < inputs.size(); i++) {
            bits = i % 8 == 0 ? in.u8() : bits >>> 1;
            inputs.get(i).setClosed((bits & 1) != 0);
        }
    }

    static void putClosed(Packet out, List<Input> inputs) {
        int bits = 0;
        for (int i = 0; i < inputs.size(); i++) {
            bits |= inputs.get(i).isClosed() ? 1 << i % 8 : 0;
            if (i % 8 == 7 || i == inputs.size() - 1) {
                out.put(bits);
                bits = 0;
            }
        }
    }

    NodeFailure readFailure(PacketReader in) {
        String node = in.text();
        String error = in.text();
        return new NodeFailure(node, error, in.list(each -> inputAt(each.u16())));
    }

    /** Takes the message that stands there, in as many pieces as it has. */
    Message readMessage(PacketReader in) {
        hand.begin(in);
        while (!hand.isComplete()) {
            begin(Ask.MORE).putInt(hand.filled());
            hand.add(ask());
        }
        return hand.message();
    }

    /** Whether the other JVM has it in hand too. */
    boolean isInHand(Message message) {
        return hand.isOf(message);
    }

    void releaseMessage() {
        hand.release();
    }

    // The API of node authors.

    @Override
    public String dataflow() {
        return dataflow;
    }

    @Override
    public String nodeId() {
        return nodeId;
    }

    @Override
    public String operatorId() {
        return operatorId;
    }

    @Override
    public int incarnation() {
        return incarnation;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public Path workingDirectory() {
        return workingDirectory;
    }

    @Override
    public Config config() {
        return config;
    }

    @Override
    public Map<String, String> env() {
        return env;
    }

    @Override
    public List<Input> inputs() {
        return List.copyOf(inputs);
    }

    @Override
    public Input input(String id) {
        return inputs.stream()
                .filter(input -> input.id().equals(id))
                .findFirst()
                .orElseThrow(() -> unknown(
                        "input", id, inputs.stream().map(RemoteInput::id).toList()));
    }

    @Override
    public List<Output> outputs() {
        return List.copyOf(outputs);
    }

    @Override
    public Output output(String id) {
        return outputs.stream()
                .filter(output -> output.id().equals(id))
                .findFirst()
                .orElseThrow(() -> unknown(
                        "output", id, outputs.stream().map(RemoteOutput::id).toList()));
    }

    private IllegalArgumentException unknown(String what, String id, List<String> known) {
        return new IllegalArgumentException("'" + part() + "' has no " + what + " '" + id + "': it has "
                + known.stream().sorted().collect(Collectors.joining(", ", "[", "]")));
    }

    private String part() {
        return operatorId.isEmpty() ? nodeId : nodeId + "/" + operatorId;
    }

    @Override
    public Clock clock() {
        return Clock.system();
    }

    @Override
    public Logger logger() {
        return logger;
    }

    @Override
    public void checkpoint(ByteBuffer state) {
        if (state.remaining() > Limits.CHUNK_BYTES) {
            throw new IllegalArgumentException("'" + part() + "': a checkpoint of " + state.remaining()
                    + " bytes is larger than the " + MAX_CHECKPOINT_BYTES + " that it may have");
        }
        begin(Ask.CHECKPOINT).putBytes(state, state.position(), state.remaining());
        ask();
    }

    @Override
    public Optional<ByteBuffer> restored() {
        return restored == null
                ? Optional.empty()
                : Optional.of(restored.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    public boolean isStopping() {
        return conversation.isStopping();
    }

    @Override
    public @Nullable Event poll() {
        return next(-1);
    }

    @Override
    public @Nullable Event next() {
        return next(Long.MAX_VALUE);
    }

    @Override
    public @Nullable Event next(Duration timeout) {
        return next(Math.max(0, TimeUnit.NANOSECONDS.convert(timeout)));
    }

    private @Nullable Event next(long timeoutNs) {
        if (!isReactive) {
            hand.release();
        }
        begin(Ask.NEXT).putLong(timeoutNs);
        PacketReader in = ask();
        readClosed(in);
        int code = in.u8();
        if (code == 0) {
            return null;
        }
        if (code > EVENTS.length) {
            throw new ProtocolException("expected an event, found " + code);
        }
        return read(EVENTS[code - 1], in);
    }

    private Event read(Event.Type type, PacketReader in) {
        return switch (type) {
            case INPUT -> {
                RemoteInput input = inputAt(in.u16());
                yield event.of(type, input, readMessage(in));
            }
            case INPUT_CLOSED, INPUT_RECOVERED -> event.of(type, inputAt(in.u16()), null);
            case NODE_FAILED -> event.of(readFailure(in));
            case NODE_RESTARTED -> event.ofRestarted(in.text());
            case ALL_INPUTS_CLOSED, STOP -> {
                hasEnded = true;
                yield event.of(type, null, null);
            }
        };
    }

    @Override
    public boolean hasEnded() {
        if (isReactive || isOpening) {
            throw new IllegalStateException("'" + part()
                    + (isReactive
                            ? "' is an operator: it is called back with its events and does not poll them"
                            : "': nothing can have ended in open, for messages flow when every node is open"));
        }
        return hasEnded;
    }

    @Override
    public boolean sleep(Duration duration) {
        begin(Ask.SLEEP).putLong(Math.max(0, TimeUnit.NANOSECONDS.convert(duration)));
        return ask().flag();
    }
}
