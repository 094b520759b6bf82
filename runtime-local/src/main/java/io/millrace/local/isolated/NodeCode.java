package io.millrace.local.isolated;

import io.millrace.local.code.EndsItself;
import io.millrace.local.code.EntriesFirstLoader;
import io.millrace.local.code.NodeClass;
import io.millrace.local.dora.ProtocolException;
import io.millrace.local.nativecode.NativeOperator;
import io.millrace.node.Batch;
import io.millrace.node.Input;
import io.millrace.node.Node;
import io.millrace.node.Operator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operators of a node, or its own loop, in its own JVM: does what the dataflow's JVM calls for. Used by the node's thread only. */
final class NodeCode implements Conversation.Callee {
    private final List<Part> parts = new ArrayList<>();
    private @Nullable Conversation conversation;
    private @Nullable Records records;
    private @Nullable ClassLoader loader;

    /** An operator, or the node. */
    private static final class Part {
        private final RemoteContext context;
        private final RemoteBatch batch;
        private @Nullable Operator operator;
        private @Nullable Node node;

        Part(RemoteContext context) {
            this.context = context;
            this.batch = new RemoteBatch(context);
        }

        Operator operator() {
            if (operator == null) {
                throw new ProtocolException("an operator was called that is not open");
            }
            return operator;
        }
    }

    /** Before the first call. */
    void connect(Conversation with, Records logs) {
        conversation = with;
        records = logs;
    }

    @Override
    public void call(Call call, PacketReader in, Conversation.Done done) throws Throwable {
        int slot = in.u16();
        if (call == Call.OPEN) {
            open(slot, in, done);
            return;
        }
        if (slot >= parts.size()) {
            throw new ProtocolException("expected one of " + parts.size() + " operators, found " + slot);
        }
        Part part = parts.get(slot);
        if (call == Call.CLOSE) {
            close(part);
        } else if (call == Call.RUN) {
            run(part);
        } else {
            part.context.readClosed(in);
            Operator operator = part.operator();
            callBack(operator, part, call, in);
            done.set(operator instanceof EndsItself ending && ending.hasEnded());
        }
    }

    private void open(int slot, PacketReader in, Conversation.Done done) throws Exception {
        if (slot != parts.size() || conversation == null || records == null) {
            throw new ProtocolException("expected operator " + parts.size() + " to be opened, found " + slot);
        }
        String className = in.text();
        List<Path> entries = in.texts().stream().map(Path::of).toList();
        Part part = new Part(new RemoteContext(conversation, slot, in, records));
        parts.add(part);
        Thread.currentThread().setName("millrace-" + part.context.dataflow() + "-" + part.context.nodeId());
        Optional<Path> library = NativeOperator.referenced(className);
        if (library.isPresent()) {
            open(part, new NativeOperator(library.get()), done);
            return;
        }
        NodeClass found = NodeClass.find(className, loader(entries));
        if (found.isOperator()) {
            open(part, found.create(Operator.class), done);
        } else {
            Node node = found.create(Node.class);
            part.node = node;
            node.open(part.context);
            part.context.setOpen();
        }
    }

    private static void open(Part part, Operator operator, Conversation.Done done) throws Exception {
        part.operator = operator;
        operator.open(part.context);
        done.set(handlesMessagesOneByOne(operator));
        part.context.setOpen();
    }

    /** All operators of a node have the same entries. */
    private ClassLoader loader(List<Path> entries) {
        if (loader == null) {
            ClassLoader own = ClassLoader.getSystemClassLoader();
            loader = entries.isEmpty() ? own : EntriesFirstLoader.of(entries, own);
            Thread.currentThread().setContextClassLoader(loader);
        }
        return loader;
    }

    private static boolean handlesMessagesOneByOne(Operator operator) throws NoSuchMethodException {
        return operator.getClass()
                        .getMethod("onBatch", Input.class, Batch.class)
                        .getDeclaringClass()
                == Operator.class;
    }

    private static void run(Part part) throws Exception {
        if (part.node == null) {
            throw new ProtocolException("a node was told to run that is not open");
        }
        part.node.run(part.context);
    }

    private static void close(Part part) throws Exception {
        Thread.interrupted(); // an interrupt has done its work
        Operator operator = part.operator;
        Node node = part.node;
        part.operator = null;
        part.node = null;
        if (operator != null) {
            operator.close();
        }
        if (node != null) {
            node.close();
        }
    }

    private static void callBack(Operator operator, Part part, Call call, PacketReader in) throws Exception {
        RemoteContext context = part.context;
        switch (call) {
            case INPUT -> {
                RemoteInput input = context.inputAt(in.u16());
                try {
                    operator.onInput(input, context.readMessage(in));
                } finally {
                    context.releaseMessage();
                }
            }
            case BATCH -> {
                try {
                    operator.onBatch(context.inputAt(in.u16()), part.batch);
                } finally {
                    context.releaseMessage();
                }
            }
            case INPUT_CLOSED -> operator.onInputClosed(context.inputAt(in.u16()));
            case INPUT_RECOVERED -> operator.onInputRecovered(context.inputAt(in.u16()));
            case ALL_INPUTS_CLOSED -> operator.onAllInputsClosed();
            case NODE_FAILED -> operator.onNodeFailed(context.readFailure(in));
            case NODE_RESTARTED -> operator.onNodeRestarted(in.text());
            case STOP -> operator.onStop();
            default -> throw new ProtocolException("expected a call to an operator, found " + call);
        }
    }
}
