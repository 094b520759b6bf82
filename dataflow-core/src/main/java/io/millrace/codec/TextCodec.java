package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.PayloadFormat;

/** Text as UTF-8. Writes without allocating; refuses to read what is no UTF-8. */
final class TextCodec extends Codec<String> {
    TextCodec() {
        super(PayloadFormat.UTF8, "UTF-8 text");
    }

    @Override
    public int length(String value) {
        return Utf8.length(value);
    }

    @Override
    protected void put(String value, Claim claim) {
        Utf8.put(claim, 0, value);
    }

    @Override
    protected String get(Message message) {
        int malformed = Utf8.firstMalformed(message, 0, message.length());
        if (malformed >= 0) {
            throw malformed(
                    message,
                    malformed,
                    "expected a character of UTF-8, found 0x" + Integer.toHexString(message.getByte(malformed) & 0xFF));
        }
        return message.text();
    }
}
