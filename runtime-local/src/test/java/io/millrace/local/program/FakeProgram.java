package io.millrace.local.program;

import io.millrace.local.dora.ArrowBytes;
import io.millrace.local.dora.NodeEvent;
import io.millrace.local.dora.Request;
import io.millrace.local.dora.TimedEvent;
import io.millrace.node.Parameters;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Programs that tests start as nodes. The first argument says which, what follows is its own. */
public final class FakeProgram {
    private FakeProgram() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "echo" -> echo();
            case "events" -> events();
            case "source" -> source(Integer.parseInt(args[1]));
            case "burst" -> burst(Integer.parseInt(args[1]));
            case "exit" -> exit(Integer.parseInt(args[1]));
            case "crash-once" -> crashOnce();
            case "stubborn" -> stubborn();
            case "half-a-frame" -> halfAFrame();
            case "mute" -> new CountDownLatch(1).await();
            case "garbage" -> garbage();
            case "nonsense" -> nonsense();
            case "unknown-output" -> unknownOutput();
            case "old" -> old();
            case "future" -> future();
            case "address" -> address();
            case "wedge" -> wedge();
            case "lengths" -> lengths();
            case "asks-in-vain" -> asksInVain();
            case "asks-elsewhere" -> asksElsewhere();
            case "large-parameter" -> largeParameter();
            case "print" -> print(args);
            case "place" -> place();
            case "empties" -> empties();
            case "operator" -> operator();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static WireNode connect() throws Exception {
        return WireNode.connect(System.getenv("DORA_NODE_CONFIG"));
    }

    /** Sends on {@code out} whatever comes, unchanged. */
    private static void echo() throws Exception {
        try (WireNode node = connect().begin()) {
            echo(node);
        }
    }

    private static void echo(WireNode node) throws Exception {
        boolean isOver = false;
        while (!isOver) {
            List<TimedEvent> events = node.next();
            isOver = events.isEmpty();
            for (TimedEvent timed : events) {
                if (timed.event() instanceof NodeEvent.Input input) {
                    node.send("out", input.payload(), input.metadata().parameters());
                }
                isOver |= timed.event() instanceof NodeEvent.AllInputsClosed || timed.event() instanceof NodeEvent.Stop;
            }
        }
        node.finish();
    }

    /** Sends a line of text on {@code out} for each event. */
    private static void events() throws Exception {
        try (WireNode node = connect().begin()) {
            for (List<TimedEvent> events = node.next(); !events.isEmpty(); events = node.next()) {
                for (TimedEvent timed : events) {
                    node.send("out", line(timed.event()).getBytes(StandardCharsets.UTF_8));
                }
            }
            node.finish();
        }
    }

    static String line(NodeEvent event) {
        if (event instanceof NodeEvent.Input input) {
            return "Input " + input.inputId() + " " + (input.payload() == null ? "nothing" : text(input));
        }
        if (event instanceof NodeEvent.NodeFailed failed) {
            return "NodeFailed " + failed.sourceNodeId() + " " + failed.inputIds();
        }
        return event.toString();
    }

    private static String text(NodeEvent.Input input) {
        ByteBuffer stream = input.payload().whole();
        long found = ArrowBytes.unwrap(stream);
        return StandardCharsets.UTF_8
                .decode(stream.slice(stream.position() + ArrowBytes.offset(found), ArrowBytes.length(found)))
                .toString();
    }

    /** Sends numbers on {@code out} as fast as they are taken. */
    private static void source(int count) throws Exception {
        try (WireNode node = connect().begin()) {
            sendNumbers(node, count);
            node.finish();
        }
    }

    /** Likewise, and ends without a word. */
    private static void burst(int count) throws Exception {
        sendNumbers(connect().begin(), count);
        Runtime.getRuntime().halt(0);
    }

    private static void sendNumbers(WireNode node, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            node.send(
                    "out",
                    ByteBuffer.allocate(4)
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                            .putInt(0, i)
                            .array());
        }
    }

    private static void exit(int code) {
        System.err.println("first words");
        System.err.println("last words");
        System.exit(code);
    }

    /** Fails with its first message in its first run, and echoes in the second. */
    private static void crashOnce() throws Exception {
        try (WireNode node = connect().begin()) {
            if (node.restartCount() > 0) {
                echo(node);
            } else {
                node.next();
                System.exit(3);
            }
        }
    }

    /** Neither events nor SIGTERM end it, nor its child. */
    private static void stubborn() throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        Process child = new ProcessBuilder("sleep", "600").start();
        System.out.println("child " + child.pid());
        try (WireNode node = connect().begin()) {
            node.send("out", Long.toString(child.pid()).getBytes(StandardCharsets.UTF_8));
            new CountDownLatch(1).await();
        }
    }

    /** Subscribes, and after that neither hears nor says anything. */
    private static void wedge() throws Exception {
        try (WireNode node = connect()) {
            node.begin();
            new CountDownLatch(1).await();
        }
    }

    /** Sends for each payload how long it was, as text. */
    private static void lengths() throws Exception {
        try (WireNode node = connect().begin()) {
            for (List<TimedEvent> events = node.next(); !events.isEmpty(); events = node.next()) {
                for (TimedEvent timed : events) {
                    if (timed.event() instanceof NodeEvent.Input input) {
                        int length = ArrowBytes.length(
                                ArrowBytes.unwrap(input.payload().whole()));
                        node.send("out", Integer.toString(length).getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
            node.finish();
        }
    }

    /** Asks again and again for what is not supported, and then does what it should. */
    private static void asksInVain() throws Exception {
        try (WireNode node = connect().begin()) {
            for (int i = 0; i < 1_000; i++) {
                node.control.ask(new Request.ExtensionDrop("pool", "key" + i));
                node.control.ask(new Request.ExtensionStore("pool", "key" + i, ByteBuffer.allocate(1)));
            }
            echo(node);
        }
    }

    /** Asks for events where it has not subscribed, sends what it is told on {@code out}, and then does what it should. */
    private static void asksElsewhere() throws Exception {
        try (WireNode node = connect().begin()) {
            String told = String.valueOf(node.control.ask(new Request.NextEvent()));
            node.send("out", told.getBytes(StandardCharsets.UTF_8));
            echo(node);
        }
    }

    private static void largeParameter() throws Exception {
        try (WireNode node = connect().begin()) {
            node.send("out", null, Parameters.of("text", "x".repeat(70_000)));
            new CountDownLatch(1).await();
        }
    }

    private static void garbage() throws Exception {
        try (WireNode node = connect().begin()) {
            node.control.channel.write(
                    ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            new CountDownLatch(1).await();
        }
    }

    /** Announces a frame of 55 bytes, and sends three. */
    private static void halfAFrame() throws Exception {
        try (WireNode node = connect()) {
            node.events.channel.write(ByteBuffer.wrap(new byte[] {55, 0, 0, 0, 0, 0, 0, 0, 0, 16, 1}));
            new CountDownLatch(1).await();
        }
    }

    /** A frame of the right length with nothing right in it. */
    private static void nonsense() throws Exception {
        try (WireNode node = connect().begin()) {
            node.control.channel.write(ByteBuffer.wrap(new byte[] {3, 0, 0, 0, 0, 0, 0, 0, 56, 1, 2}));
            new CountDownLatch(1).await();
        }
    }

    private static void unknownOutput() throws Exception {
        try (WireNode node = connect().begin()) {
            node.send("nonsense", new byte[] {1});
            new CountDownLatch(1).await();
        }
    }

    /** Registers as dora before 1.0 did. */
    private static void old() throws Exception {
        try (WireNode node = connect()) {
            ByteBuffer frame = ByteBuffer.allocate(8 + 40).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            frame.putLong(40).putInt(0).putLong(16).position(0);
            node.events.channel.write(frame);
            node.events.body();
        }
    }

    /** Registers as a dora that is not there yet. */
    private static void future() throws Exception {
        try (WireNode node = connect()) {
            var ours = node.registration();
            node.events.demand(
                    new io.millrace.local.dora.Request.Register(ours.dataflowId(), ours.nodeId(), "2.0.0", 3));
        }
    }

    /** Prints its arguments, a line each, and ends. */
    private static void print(String[] args) throws Exception {
        try (WireNode node = connect().begin()) {
            for (int i = 1; i < args.length; i++) {
                System.out.println(args[i]);
            }
            node.finish();
        }
    }

    /** Sends the port that it is connected to on {@code out}, then echoes. */
    private static void address() throws Exception {
        try (WireNode node = connect().begin()) {
            int port = ((InetSocketAddress) node.control.channel.getRemoteAddress()).getPort();
            node.send("out", Integer.toString(port).getBytes(StandardCharsets.UTF_8));
            echo(node);
        }
    }

    /** Sends the directory that it was started in on {@code out}. */
    private static void place() throws Exception {
        try (WireNode node = connect().begin()) {
            node.send("out", Path.of("").toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8));
            node.finish();
        }
    }

    /** As dora's runtime for an operator {@code op} in Python: sends what its script says on {@code op/out}. */
    private static void operator() throws Exception {
        String config = System.getenv("DORA_RUNTIME_CONFIG");
        try (WireNode node = WireNode.connect(config).begin()) {
            Matcher python = Pattern.compile("operators\": .*\"python\": \"([^\"]*)\"}\\]}$")
                    .matcher(config);
            node.send(
                    "op/out",
                    python.find()
                            ? Files.readAllBytes(Path.of(python.group(1)))
                            : config.getBytes(StandardCharsets.UTF_8));
            node.finish();
        }
    }

    /** Sends on {@code out} no data, then no bytes. */
    private static void empties() throws Exception {
        try (WireNode node = connect().begin()) {
            node.send("out", null, Parameters.EMPTY);
            node.send("out", new byte[0]);
            node.finish();
        }
    }
}
