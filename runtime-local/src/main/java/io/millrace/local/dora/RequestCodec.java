package io.millrace.local.dora;

import io.millrace.local.dora.Request.CloseOutputs;
import io.millrace.local.dora.Request.Configuration;
import io.millrace.local.dora.Request.EventStreamDropped;
import io.millrace.local.dora.Request.ExtensionDrop;
import io.millrace.local.dora.Request.ExtensionLoad;
import io.millrace.local.dora.Request.ExtensionRequest;
import io.millrace.local.dora.Request.ExtensionStore;
import io.millrace.local.dora.Request.NextEvent;
import io.millrace.local.dora.Request.OutputSent;
import io.millrace.local.dora.Request.OutputsDone;
import io.millrace.local.dora.Request.Register;
import io.millrace.local.dora.Request.SendMessage;
import io.millrace.local.dora.Request.Subscribe;
import io.millrace.local.dora.Request.Unknown;
import java.nio.ByteBuffer;

/** Requests as bytes: which one (varint), its fields, then the sender's timestamp. One for each connection, used by one thread. */
public final class RequestCodec {
    private static final int REGISTER = 0;
    private static final int SUBSCRIBE = 1;
    private static final int SEND_MESSAGE = 2;
    private static final int OUTPUT_SENT = 3;
    private static final int CLOSE_OUTPUTS = 4;
    private static final int OUTPUTS_DONE = 5;
    private static final int NEXT_EVENT = 6;
    private static final int EVENT_STREAM_DROPPED = 7;
    private static final int CONFIGURATION = 8;
    private static final int EXTENSION_STORE = 9;
    private static final int EXTENSION_LOAD = 10;
    private static final int EXTENSION_DROP = 11;
    private static final int EXTENSION_REQUEST = 12;

    private final PostcardReader reader = new PostcardReader();
    private long ntp64;

    /**
     * The request in a frame's body. Names are copied out of it; payloads are not, and are valid as long as the body.
     *
     * @throws ProtocolException if the body is no request
     */
    public Request decode(ByteBuffer body) {
        PostcardReader in = reader.wrap(body);
        ntp64 = 0;
        long index = in.varint("the number of a request");
        if (index < 0 || index > EXTENSION_REQUEST) {
            return new Unknown(index);
        }
        Request request = fields((int) index, in);
        ntp64 = in.timestamp().ntp64();
        in.end("a request");
        return request;
    }

    /** When the request that was decoded last was sent, by its sender's clock; 0 if that is not known. */
    public long ntp64() {
        return ntp64;
    }

    private static Request fields(int index, PostcardReader in) {
        return switch (index) {
            case REGISTER ->
                new Register(
                        in.uuid("the dataflow's id"),
                        in.name("the node's id"),
                        in.name("dora's version"),
                        in.varint("the version of metadata", 0xFFFF));
            case SUBSCRIBE -> new Subscribe();
            case SEND_MESSAGE -> sendMessage(in);
            case OUTPUT_SENT -> new OutputSent(in.name("an output's id"), MetadataCodec.decode(in));
            case CLOSE_OUTPUTS -> new CloseOutputs(EventCodec.names(in, "outputs"));
            case OUTPUTS_DONE -> new OutputsDone();
            case NEXT_EVENT -> new NextEvent();
            case EVENT_STREAM_DROPPED -> new EventStreamDropped();
            case CONFIGURATION -> new Configuration(in.name("the node's id"));
            case EXTENSION_STORE -> new ExtensionStore(in.name("a namespace"), in.name("a key"), in.bytes("a value"));
            case EXTENSION_LOAD -> new ExtensionLoad(in.name("a namespace"), in.name("a key"), in.flag("remove"));
            case EXTENSION_DROP -> new ExtensionDrop(in.name("a namespace"), in.name("a key"));
            default -> new ExtensionRequest(in.name("a namespace"), in.bytes("a request of an extension"));
        };
    }

    /**
     * Fills a frame.
     *
     * @throws FrameTooLargeException if the request does not fit into one
     * @throws IllegalArgumentException if it is {@link Unknown}, or a parameter cannot be sent
     */
    public static void encode(Request request, Timestamp timestamp, FrameWriter frame) {
        PostcardWriter out = frame.begin();
        if (request instanceof SendMessage message) {
            sendMessage(message, frame, out);
        } else {
            fields(request, out);
        }
        out.timestamp(timestamp);
        frame.end();
    }

    private static SendMessage sendMessage(PostcardReader in) {
        String output = in.name("an output's id");
        try {
            return new SendMessage(output, MetadataCodec.decode(in), EventCodec.payload(in));
        } catch (NotCarriedException e) {
            throw e.on(output);
        }
    }

    private static void sendMessage(SendMessage message, FrameWriter frame, PostcardWriter out) {
        out.varint(SEND_MESSAGE);
        out.text(message.outputId());
        MetadataCodec.encode(message.metadata(), out);
        EventCodec.payload(message.payload(), frame, out);
    }

    private static void fields(Request request, PostcardWriter out) {
        if (request instanceof Register register) {
            out.varint(REGISTER);
            out.uuid(register.dataflowId());
            out.text(register.nodeId());
            out.text(register.doraVersion());
            out.varint(register.metadataVersion());
        } else if (request instanceof OutputSent sent) {
            out.varint(OUTPUT_SENT);
            out.text(sent.outputId());
            MetadataCodec.encode(sent.metadata(), out);
        } else if (request instanceof CloseOutputs close) {
            out.varint(CLOSE_OUTPUTS);
            EventCodec.names(close.outputIds(), out);
        } else if (request instanceof Configuration configuration) {
            out.varint(CONFIGURATION);
            out.text(configuration.nodeId());
        } else if (request instanceof Subscribe) {
            out.varint(SUBSCRIBE);
        } else if (request instanceof OutputsDone) {
            out.varint(OUTPUTS_DONE);
        } else if (request instanceof NextEvent) {
            out.varint(NEXT_EVENT);
        } else if (request instanceof EventStreamDropped) {
            out.varint(EVENT_STREAM_DROPPED);
        } else {
            extension(request, out);
        }
    }

    private static void extension(Request request, PostcardWriter out) {
        if (request instanceof ExtensionStore store) {
            out.varint(EXTENSION_STORE);
            out.text(store.namespace());
            out.text(store.key());
            out.bytes(store.value());
        } else if (request instanceof ExtensionLoad load) {
            out.varint(EXTENSION_LOAD);
            out.text(load.namespace());
            out.text(load.key());
            out.flag(load.remove());
        } else if (request instanceof ExtensionDrop drop) {
            out.varint(EXTENSION_DROP);
            out.text(drop.namespace());
            out.text(drop.key());
        } else if (request instanceof ExtensionRequest other) {
            out.varint(EXTENSION_REQUEST);
            out.text(other.namespace());
            out.bytes(other.payload());
        } else {
            throw new IllegalArgumentException("cannot be sent, for its fields are not known: " + request);
        }
    }
}
