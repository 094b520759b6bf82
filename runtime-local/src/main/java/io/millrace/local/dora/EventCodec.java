package io.millrace.local.dora;

import io.millrace.local.dora.NodeEvent.AllInputsClosed;
import io.millrace.local.dora.NodeEvent.ExtensionDropped;
import io.millrace.local.dora.NodeEvent.Input;
import io.millrace.local.dora.NodeEvent.InputClosed;
import io.millrace.local.dora.NodeEvent.InputRecovered;
import io.millrace.local.dora.NodeEvent.NodeFailed;
import io.millrace.local.dora.NodeEvent.NodeRestarted;
import io.millrace.local.dora.NodeEvent.ParamDeleted;
import io.millrace.local.dora.NodeEvent.ParamUpdate;
import io.millrace.local.dora.NodeEvent.Reload;
import io.millrace.local.dora.NodeEvent.Stop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as bytes: which one (varint), its fields; and what requests and events have in common. */
final class EventCodec {
    /** Of an event without fields, with its timestamp. */
    static final int SMALLEST_TIMED_BYTES = 18;

    private static final int STOP = 0;
    private static final int RELOAD = 1;
    private static final int INPUT = 2;
    private static final int INPUT_CLOSED = 3;
    private static final int INPUT_RECOVERED = 4;
    private static final int NODE_RESTARTED = 5;
    private static final int ALL_INPUTS_CLOSED = 6;
    private static final int PARAM_UPDATE = 7;
    private static final int PARAM_DELETED = 8;
    private static final int NODE_FAILED = 9;
    private static final int EXTENSION_DROPPED = 10;

    private static final int MAX_NAMES = 1 << 14;
    private static final int MAX_ERROR_BYTES = 1 << 20;

    private EventCodec() {}

    static NodeEvent decode(PostcardReader in) {
        int index = in.varint("the number of an event", EXTENSION_DROPPED);
        return switch (index) {
            case STOP -> new Stop();
            case RELOAD -> new Reload(in.flag("whether an operator is named") ? in.name("an operator's id") : null);
            case INPUT -> new Input(in.name("an input's id"), MetadataCodec.decode(in), payload(in));
            case INPUT_CLOSED -> new InputClosed(in.name("an input's id"));
            case INPUT_RECOVERED -> new InputRecovered(in.name("an input's id"));
            case NODE_RESTARTED -> new NodeRestarted(in.name("a node's id"));
            case ALL_INPUTS_CLOSED -> new AllInputsClosed();
            case PARAM_UPDATE -> new ParamUpdate(in.name("a parameter's key"), in.bytes("a parameter's value"));
            case PARAM_DELETED -> new ParamDeleted(in.name("a parameter's key"));
            case NODE_FAILED ->
                new NodeFailed(names(in, "inputs"), in.text("an error", MAX_ERROR_BYTES), in.name("a node's id"));
            default -> new ExtensionDropped(in.name("a namespace"), in.name("a key"));
        };
    }

    static void encode(TimedEvent timed, FrameWriter frame, PostcardWriter out) {
        if (timed.event() instanceof Input input) {
            out.varint(INPUT);
            out.text(input.inputId());
            MetadataCodec.encode(input.metadata(), out);
            payload(input.payload(), frame, out);
        } else {
            encode(timed.event(), out);
        }
        out.timestamp(timed.timestamp());
    }

    private static void encode(NodeEvent event, PostcardWriter out) {
        if (event instanceof Stop) {
            out.varint(STOP);
        } else if (event instanceof InputClosed closed) {
            named(INPUT_CLOSED, closed.inputId(), out);
        } else if (event instanceof InputRecovered recovered) {
            named(INPUT_RECOVERED, recovered.inputId(), out);
        } else if (event instanceof NodeRestarted restarted) {
            named(NODE_RESTARTED, restarted.nodeId(), out);
        } else if (event instanceof AllInputsClosed) {
            out.varint(ALL_INPUTS_CLOSED);
        } else if (event instanceof NodeFailed failed) {
            out.varint(NODE_FAILED);
            names(failed.inputIds(), out);
            out.text(failed.error());
            out.text(failed.sourceNodeId());
        } else {
            encodeRare(event, out);
        }
    }

    private static void encodeRare(NodeEvent event, PostcardWriter out) {
        if (event instanceof Reload reload) {
            out.varint(RELOAD);
            @Nullable String operatorId = reload.operatorId();
            out.flag(operatorId != null);
            if (operatorId != null) {
                out.text(operatorId);
            }
        } else if (event instanceof ParamUpdate update) {
            named(PARAM_UPDATE, update.key(), out);
            out.bytes(update.valueJson());
        } else if (event instanceof ParamDeleted deleted) {
            named(PARAM_DELETED, deleted.key(), out);
        } else {
            ExtensionDropped dropped = (ExtensionDropped) event;
            named(EXTENSION_DROPPED, dropped.namespace(), out);
            out.text(dropped.key());
        }
    }

    private static void named(int index, String name, PostcardWriter out) {
        out.varint(index);
        out.text(name);
    }

    /** Data of a message, if there are any: the only kind there is, 0, and the bytes. */
    static @Nullable Payload payload(PostcardReader in) {
        if (!in.flag("whether there are data")) {
            return null;
        }
        in.varint("the kind of data", 0);
        return Payload.of(in.bytes("data"));
    }

    static void payload(@Nullable Payload payload, FrameWriter frame, PostcardWriter out) {
        out.flag(payload != null);
        if (payload != null) {
            out.varint(0);
            frame.payload(payload);
        }
    }

    static List<String> names(PostcardReader in, String what) {
        int count = in.count(what, 1, MAX_NAMES);
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(in.name("one of the " + what));
        }
        return names;
    }

    static void names(List<String> names, PostcardWriter out) {
        out.varint(names.size());
        names.forEach(out::text);
    }
}
