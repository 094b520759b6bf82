package io.millrace.local.json;

import io.millrace.node.Message;
import java.io.InputStream;
import java.util.Objects;

/** A payload as a stream. Not to be kept longer than the message. */
final class MessageInput extends InputStream {
    private final Message message;
    private int position;

    MessageInput(Message message) {
        this.message = message;
    }

    @Override
    public int read() {
        return position == message.length() ? -1 : message.getByte(position++) & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        int count = Math.min(length, message.length() - position);
        if (count == 0) {
            return length == 0 ? 0 : -1;
        }
        message.getBytes(position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return message.length() - position;
    }
}
