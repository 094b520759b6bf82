package io.millrace.local.dora;

import io.millrace.local.dora.Reply.Empty;
import io.millrace.local.dora.Reply.ExtensionReply;
import io.millrace.local.dora.Reply.ExtensionValue;
import io.millrace.local.dora.Reply.NextEvents;
import io.millrace.local.dora.Reply.Result;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replies as bytes: which one (varint), then its fields. One for each connection, used by one thread. */
public final class ReplyCodec {
    /** The most events that one reply may hold. */
    public static final int MAX_EVENTS = 4096;

    static final int NEXT_EVENTS = 1;

    private static final int RESULT = 0;
    private static final int CONFIGURATION = 2;
    private static final int EXTENSION_VALUE = 3;
    private static final int EMPTY = 4;
    private static final int EXTENSION_REPLY = 5;

    private static final int MAX_ERROR_BYTES = 1 << 20;

    private final PostcardReader reader = new PostcardReader();

    /**
     * The reply in a frame's body. Names are copied out of it; payloads are not, and are valid as long as the body.
     *
     * @throws ProtocolException if the body is no reply
     */
    public Reply decode(ByteBuffer body) {
        PostcardReader in = reader.wrap(body);
        int index = in.varint("the number of a reply", EXTENSION_REPLY);
        Reply reply = switch (index) {
            case RESULT -> result(in);
            case NEXT_EVENTS -> events(in);
            case CONFIGURATION -> throw in.refused("a node's configuration is sent as JSON only", 1);
            case EXTENSION_VALUE ->
                new ExtensionValue(in.flag("whether there is a value") ? in.bytes("a value") : null);
            case EMPTY -> new Empty();
            default -> new ExtensionReply(in.bytes("a reply of an extension"));
        };
        in.end("a reply");
        return reply;
    }

    private static Result result(PostcardReader in) {
        return in.flag("whether it failed") ? new Result(in.text("an error", MAX_ERROR_BYTES)) : Result.OK;
    }

    private static NextEvents events(PostcardReader in) {
        int count = in.count("events", EventCodec.SMALLEST_TIMED_BYTES, MAX_EVENTS);
        List<TimedEvent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            NodeEvent event = EventCodec.decode(in);
            events.add(new TimedEvent(event, in.timestamp()));
        }
        return new NextEvents(events);
    }

    /**
     * Fills a frame.
     *
     * @throws FrameTooLargeException if the reply does not fit into one
     * @throws IllegalArgumentException if a parameter of an event cannot be sent
     */
    public static void encode(Reply reply, FrameWriter frame) {
        PostcardWriter out = frame.begin();
        if (reply instanceof Result result) {
            result(result.error(), out);
        } else if (reply instanceof NextEvents next) {
            events(next.events(), frame, out);
        } else if (reply instanceof ExtensionValue extension) {
            value(extension.value(), out);
        } else if (reply instanceof ExtensionReply extension) {
            out.varint(EXTENSION_REPLY);
            out.bytes(extension.payload());
        } else {
            out.varint(EMPTY);
        }
        frame.end();
    }

    /**
     * Fills a frame with the one kind of reply that is not in postcard: {@link NodeConfig#replyJson}.
     *
     * @throws FrameTooLargeException if it does not fit into one
     */
    public static void encodeJson(String json, FrameWriter frame) {
        frame.begin().raw(StandardCharsets.UTF_8.encode(json));
        frame.end();
    }

    private static void result(@Nullable String error, PostcardWriter out) {
        out.varint(RESULT);
        out.flag(error != null);
        if (error != null) {
            out.text(error);
        }
    }

    private static void value(@Nullable ByteBuffer value, PostcardWriter out) {
        out.varint(EXTENSION_VALUE);
        out.flag(value != null);
        if (value != null) {
            out.bytes(value);
        }
    }

    private static void events(List<TimedEvent> events, FrameWriter frame, PostcardWriter out) {
        out.varint(NEXT_EVENTS);
        out.varint(events.size());
        for (TimedEvent each : events) {
            EventCodec.encode(each, frame, out);
        }
    }
}
