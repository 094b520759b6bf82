package io.millrace.local.isolated;

import io.millrace.local.code.ThrownText;
import io.millrace.local.dora.ProtocolException;
import io.millrace.local.process.Child;
import io.millrace.local.process.ChildExit;
import io.millrace.local.process.OutputListener;
import io.millrace.node.NodeContext;
import io.millrace.node.NodeInterruptedException;
import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The JVM of one incarnation of a node, seen from the dataflow's: is called, as one calls a method, and while it has not come back is given what it asks for.
 *
 * <pre>
 *   begin(call) ... finish() --call--> it --asks--> Service --reply--> it --done--> finish returns, or throws what the code threw
 * </pre>
 *
 * <p>Used by the node's thread only. What comes for the thread from outside while it waits goes on to the other JVM: that the dataflow is being stopped, and an
 * interrupt. If that does not bring it back in time, the process is killed, so that the thread comes back in any case.
 */
final class ChildJvm {
    private static final Logger LOG = LoggerFactory.getLogger(ChildJvm.class);

    /** How often somebody who waits looks whether the dataflow is being stopped. */
    private static final long LOOK_MS = 50;

    /** From an interrupt until the process is killed: less than the second after which a node's thread is given up. */
    private static final long KILL_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(400);

    /** For its exit, once it has nothing more to do. */
    private static final long END_MS = 1_000;

    private static final long TERMINATE_MS = 500;

    private final NodeContext context;
    private final Selector selector;
    private final Child process;
    private final Prints prints;
    private final ChildLink calls;
    private final ChildLink records;
    private final RecordReader recordReader;
    private final Packet out = new Packet();
    private final List<Service> services;
    private final Service.Replies replies = this::beginReply;
    private final Runnable look = this::look;

    private boolean isStoppingTold;
    private long interruptedNs;
    private boolean isInterrupted;
    private boolean isKilled;
    private boolean isLost;
    private boolean isOver;

    private ChildJvm(NodeContext context, Selector selector, Child process, Prints prints, Reception reception) {
        this.context = context;
        this.selector = selector;
        this.process = process;
        this.prints = prints;
        this.calls = reception.calls();
        this.records = reception.records();
        List<Service> known = new CopyOnWriteArrayList<>();
        this.services = known;
        this.recordReader = new RecordReader(
                "millrace-" + name(context) + "-records",
                records,
                slot -> slot < known.size() ? known.get(slot).context().logger() : null);
    }

    private static String name(NodeContext context) {
        return context.dataflow() + "-" + context.nodeId();
    }

    /**
     * Starts it, and waits until it is ready.
     *
     * @param context of the node, or of its first operator
     * @param callsNativeCode whether it is to be told that this is meant
     */
    static ChildJvm start(NodeContext context, boolean callsNativeCode) throws IOException, InterruptedException {
        Selector selector = Selector.open();
        Prints prints = new Prints(printsOf(context));
        @Nullable Child process = null;
        try (Reception reception = new Reception(context.nodeId(), selector);
                OfferedMemory memory =
                        OfferedMemory.make(context, reception.invitation().secret())) {
            Invitation invitation = memory.in(reception.invitation());
            process = Child.start(
                    name(context),
                    JavaCommand.of(invitation, context.env(), context.workingDirectory(), callsNativeCode),
                    prints);
            var unused = process.onExit().thenRun(selector::wakeup);
            while (!reception.admit()) {
                if (!process.isRunning()) {
                    throw new IsolatedFailure(
                            "the node's JVM " + process.onExit().join() + " before it was ready" + prints.last());
                }
                selector.select(LOOK_MS);
                selector.selectedKeys().clear();
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while the node's JVM started");
                }
            }
            memory.settle(reception.isMemoryUsed(), reception.calls());
            ChildJvm made = new ChildJvm(context, selector, process, prints, reception);
            made.recordReader.start();
            made.watch();
            reception.handOver();
            return made;
        } catch (Throwable t) { // whatever it was, nothing of it is left behind
            selector.close();
            if (process != null) {
                process.close();
            }
            throw t;
        }
    }

    private static OutputListener printsOf(NodeContext context) {
        Logger logger = context.logger();
        return context instanceof Surroundings surroundings
                ? surroundings.prints()
                : (stream, line) -> logger.info(line);
    }

    /** If it ends while nobody waits for it, the node is to fail at once. */
    private void watch() {
        if (context instanceof Surroundings surroundings) {
            var unused = process.onExit().thenRun(() -> surroundings.failBy(this::checkAlive));
        }
    }

    private void checkAlive() {
        if (!isOver) {
            throw lost();
        }
    }

    /** Has the class made and opened there; whether it takes its messages one by one. */
    boolean open(int slot, String className, List<Path> entries, NodeContext of, boolean isReactive) throws Exception {
        services.add(new Service(of, isReactive));
        begin(Call.OPEN, slot).putText(className);
        out.putTexts(entries.stream().map(Path::toString).toList());
        RemoteContext.put(out, of, isReactive, lowestLevel(of.logger()));
        return finish();
    }

    private static int lowestLevel(Logger logger) {
        for (Level level : List.of(Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN)) {
            if (logger.isEnabledForLevel(level)) {
                return level.toInt();
            }
        }
        return Level.ERROR.toInt();
    }

    Service service(int slot) {
        if (slot >= services.size()) {
            throw new ProtocolException("expected one of " + services.size() + " operators, found " + slot);
        }
        return services.get(slot);
    }

    /** Begins a call; what belongs to it is put into what is returned. */
    Packet begin(Call call, int slot) {
        begin(Answer.CALL).put(call.code()).putShort(slot);
        if (call != Call.OPEN && call != Call.RUN && call != Call.CLOSE) {
            RemoteContext.putClosed(out, service(slot).inputs());
        }
        return out;
    }

    private Packet beginReply() {
        return begin(Answer.REPLY);
    }

    private Packet begin(Answer answer) {
        return out.clear().put(answer.code()).putFlag(context.isStopping());
    }

    /** Makes the call that was begun, and serves it until it is done. Throws what stands for what was thrown there. */
    boolean finish() throws Exception {
        send();
        while (true) {
            PacketReader in = receive();
            try {
                Ask ask = Ask.of(in.u8());
                int slot = in.u16();
                if (ask != Ask.DONE) {
                    serve(ask, service(slot), in);
                    continue;
                }
                boolean flag = in.flag();
                if (in.flag()) {
                    throw Thrown.read(in).exception();
                }
                return flag;
            } catch (ProtocolException e) {
                throw broken(e);
            }
        }
    }

    private void serve(Ask ask, Service service, PacketReader in) {
        @Nullable Packet reply;
        try {
            reply = service.serve(ask, in, replies);
        } catch (ProtocolException e) {
            throw e;
        } catch (RuntimeException e) {
            if (isLost || !service.isAnswered(ask)) {
                throw e;
            }
            reply = refuse(e);
        }
        if (reply != null) {
            send();
        }
    }

    private Packet refuse(RuntimeException e) {
        if (e instanceof NodeInterruptedException) {
            Thread.interrupted(); // the other thread is the interrupted one now
            noteInterrupt();
        }
        boolean isPlain = e instanceof NodeInterruptedException
                || e.getClass() == IllegalArgumentException.class
                || e.getClass() == IllegalStateException.class;
        return begin(Answer.refusal(e)).putText(isPlain ? String.valueOf(e.getMessage()) : ThrownText.of(e));
    }

    private void send() {
        if (isLost) {
            throw lost();
        }
        try {
            calls.send(out, look);
        } catch (IOException e) {
            throw lost();
        } catch (ProtocolException e) {
            throw broken(e);
        }
    }

    private PacketReader receive() {
        try {
            @Nullable PacketReader in = calls.pollPacket();
            while (in == null) {
                look();
                if (calls.isQuiet()) {
                    selector.select(LOOK_MS);
                    selector.selectedKeys().clear();
                    look();
                }
                in = calls.pollPacket();
            }
            return in;
        } catch (IOException e) {
            throw lost();
        } catch (ProtocolException e) {
            throw broken(e);
        }
    }

    /** Whether something has come for the thread meanwhile that the other JVM has to know. */
    private void look() {
        if (Thread.interrupted()) {
            noteInterrupt();
            signal(Answer.INTERRUPT);
        }
        if (!isStoppingTold && context.isStopping()) {
            isStoppingTold = true;
            signal(Answer.STOPPING);
        }
        if (isInterrupted && !isKilled && System.nanoTime() - interruptedNs > KILL_AFTER_NS) {
            isKilled = true;
            process.kill();
        }
    }

    private void noteInterrupt() {
        if (!isInterrupted) {
            isInterrupted = true;
            interruptedNs = System.nanoTime();
        }
    }

    private void signal(Answer what) {
        try {
            records.send(new Packet().put(what.code()));
        } catch (IOException e) {
            LOG.debug("node '{}': its JVM was not told of {}", context.nodeId(), what, e);
        }
    }

    private IsolatedFailure broken(ProtocolException e) {
        isLost = true;
        process.kill();
        return new IsolatedFailure("the node's JVM does not keep to the protocol: " + e.getMessage(), e);
    }

    /** It is gone: says how it ended. */
    private IsolatedFailure lost() {
        isLost = true;
        Optional<ChildExit> exit = awaitExit(END_MS);
        if (isKilled) {
            return new IsolatedFailure("the node did not come back when it was interrupted: its JVM was killed");
        }
        if (exit.isEmpty()) {
            process.kill();
            return new IsolatedFailure("the node's JVM has closed its connection" + prints.last());
        }
        return new IsolatedFailure("the node's JVM " + exit.get() + " before the node had ended" + prints.last());
    }

    private Optional<ChildExit> awaitExit(long millis) {
        boolean wasInterrupted = Thread.interrupted();
        try {
            return Optional.of(process.onExit().get(millis, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            wasInterrupted = true;
            return Optional.empty();
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a process cannot fail", e);
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Has an operator closed there, or the node; not if there is nobody any more. */
    void close(int slot) throws Exception {
        if (!isLost && slot < services.size()) {
            begin(Call.CLOSE, slot);
            finish();
        }
    }

    /** Nothing more is called: the process ends by itself, or is made to. Takes at most some seconds, as a rule some tens of milliseconds. */
    void end() throws IOException {
        isOver = true;
        if (!isLost) {
            try {
                beginReply();
                calls.send(out);
            } catch (IOException e) {
                LOG.debug("node '{}': its JVM has ended already", context.nodeId(), e);
            }
            if (awaitExit(END_MS).isEmpty()) {
                process.terminate();
                awaitExit(TERMINATE_MS);
            }
        }
        process.close();
        recordReader.join(END_MS);
        records.close();
        recordReader.join(END_MS);
        calls.close();
        selector.close();
    }
}
