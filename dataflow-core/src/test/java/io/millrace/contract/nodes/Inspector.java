package io.millrace.contract.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Looks at each {@link Pattern} payload in every way there is, and reports {@code fine} or what is not. */
public final class Inspector implements Operator {
    private Output report;

    @Override
    public void open(NodeContext context) {
        report = context.output("report");
    }

    @Override
    public void onInput(Input input, Message message) {
        Pattern.check(message, message.sequence());
        report.send(problem(message));
    }

    private static String problem(Message message) {
        ByteBuffer buffer = message.buffer();
        if (!buffer.isReadOnly() || buffer.order() != ByteOrder.LITTLE_ENDIAN) {
            return "the buffer must be read-only and little-endian, found " + buffer + " " + buffer.order();
        }
        byte[] copy = message.toByteArray();
        for (int index = 0; index < message.length(); index++) {
            byte expected = message.getByte(index);
            if (buffer.get(message.offset() + index) != expected || copy[index] != expected) {
                return "byte " + index + " differs between getter, buffer and copy";
            }
        }
        ByteBuffer numbers = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
        if (message.length() >= 16 && !sameNumbers(message, numbers)) {
            return "numbers are not little-endian";
        }
        return refusesOutside(message) ? "fine" : "an index outside the payload was not refused";
    }

    private static boolean sameNumbers(Message message, ByteBuffer numbers) {
        return message.getShort(9) == numbers.getShort(9)
                && message.getInt(9) == numbers.getInt(9)
                && message.getLong(8) == numbers.getLong(8)
                && Float.floatToRawIntBits(message.getFloat(9)) == Float.floatToRawIntBits(numbers.getFloat(9))
                && Double.doubleToRawLongBits(message.getDouble(8)) == Double.doubleToRawLongBits(numbers.getDouble(8));
    }

    private static boolean refusesOutside(Message message) {
        int length = message.length();
        return refuses(() -> message.getByte(-1))
                && refuses(() -> message.getByte(length))
                && refuses(() -> message.getLong(length - 7))
                && refuses(() -> message.getInt(Integer.MAX_VALUE))
                && refuses(() -> message.getBytes(0, new byte[length + 1], 0, length + 1));
    }

    private static boolean refuses(Runnable access) {
        try {
            access.run();
            return false;
        } catch (IndexOutOfBoundsException e) {
            return true;
        }
    }
}
