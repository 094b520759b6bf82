package io.millrace.remote.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The frames of a control connection, between its channel and its {@link ControlChannel}.
 *
 * <pre>
 *  0               4      5
 *  +---------------+------+----------
 *  | length        | type | content        the length counts type and content
 *  +---------------+------+----------
 *  message: content is the message;  heartbeat: none;  goodbye: why, text in UTF-8
 * </pre>
 */
final class ControlFrames extends ByteToMessageDecoder {
    static final int HEAD_BYTES = 5;

    private static final int MESSAGE = 0;
    private static final int HEARTBEAT = 1;
    private static final int GOODBYE = 2;
    private static final int LENGTH_BYTES = 4;

    private final ControlChannel connection;
    private final int messageBytesAtMost;

    ControlFrames(ControlChannel connection, int messageBytesAtMost) {
        this.connection = connection;
        this.messageBytesAtMost = messageBytesAtMost;
    }

    /** Without a copy of the message. */
    static ByteBuf message(ByteBufAllocator allocator, byte[] message) {
        ByteBuf head = allocator.buffer(HEAD_BYTES).writeInt(message.length + 1).writeByte(MESSAGE);
        return Unpooled.wrappedBuffer(head, Unpooled.wrappedBuffer(message));
    }

    static ByteBuf heartbeat(ByteBufAllocator allocator) {
        return allocator.buffer(HEAD_BYTES).writeInt(1).writeByte(HEARTBEAT);
    }

    static ByteBuf goodbye(ByteBufAllocator allocator, String reason) {
        byte[] text = Words.line(reason).getBytes(StandardCharsets.UTF_8);
        return allocator
                .buffer(HEAD_BYTES + text.length)
                .writeInt(text.length + 1)
                .writeByte(GOODBYE)
                .writeBytes(text);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        connection.onBytes();
        super.channelRead(ctx, message);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!connection.hears()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < LENGTH_BYTES) {
            return;
        }
        int length = in.getInt(in.readerIndex());
        if (length < 1 || length - 1 > messageBytesAtMost) {
            in.skipBytes(in.readableBytes());
            connection.onBroken("a frame of " + Integer.toUnsignedLong(length) + " bytes: expected 1 to "
                    + (messageBytesAtMost + 1L));
        } else if (in.readableBytes() >= LENGTH_BYTES + length) {
            in.skipBytes(LENGTH_BYTES);
            frame(in.readUnsignedByte(), in, length - 1);
        }
    }

    /** Nothing more comes: what is left is a frame that was cut off. */
    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int left = in.readableBytes();
        in.skipBytes(left);
        if (left > 0 && connection.hears()) {
            connection.onCutOff(left);
        }
    }

    private void frame(int type, ByteBuf in, int length) {
        byte[] content = new byte[length];
        in.readBytes(content);
        switch (type) {
            case MESSAGE -> connection.onMessage(content);
            case HEARTBEAT -> {
                // That it came is all it says.
            }
            case GOODBYE -> connection.onGoodbye(Words.line(new String(content, StandardCharsets.UTF_8)));
            default -> connection.onBroken("a frame of type " + type + ", which this end does not know");
        }
    }

    /** Netty's own would read on whenever no decoder below was given anything, as is always so here, even where reading is paused. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        discardSomeReadBytes();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        connection.onInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        connection.onFailure(cause);
    }
}
