package io.millrace.contract.nodes;

import io.millrace.node.Claim;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Answers each message with one that it writes by every putter of a claim; fails where the claim lets it write outside. */
public final class Scribe implements Operator {
    private Output out;

    @Override
    public void open(NodeContext context) {
        out = context.output("out");
    }

    @Override
    public void onInput(Input input, Message message) {
        byte[] expected = expected();
        Claim claim = out.claim(expected.length);
        claim.putByte(0, (byte) -2);
        claim.putShort(1, (short) 0x1234);
        claim.putInt(3, 0x1234_5678);
        claim.putLong(7, Long.MIN_VALUE + 5);
        claim.putFloat(15, -1.5f);
        claim.putDouble(19, Math.PI);
        claim.putBytes(27, new byte[] {9, 8, 7, 6}, 1, 2);
        claim.putBytes(29, ByteBuffer.wrap(new byte[] {5, 4, 3, 2}, 1, 2));
        claim.buffer().put(claim.offset() + 31, (byte) 77);
        requireRefused(() -> claim.putByte(-1, (byte) 1));
        requireRefused(() -> claim.putByte(claim.length(), (byte) 1));
        requireRefused(() -> claim.putLong(claim.length() - 7, 1));
        requireRefused(() -> claim.putBytes(0, new byte[claim.length() + 1], 0, claim.length() + 1));
        claim.commit();
    }

    /** What it writes. */
    public static byte[] expected() {
        return ByteBuffer.allocate(32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) -2)
                .putShort((short) 0x1234)
                .putInt(0x1234_5678)
                .putLong(Long.MIN_VALUE + 5)
                .putFloat(-1.5f)
                .putDouble(Math.PI)
                .put(new byte[] {8, 7, 4, 3, 77})
                .array();
    }

    private static void requireRefused(Runnable access) {
        try {
            access.run();
        } catch (IndexOutOfBoundsException e) {
            return;
        }
        throw new IllegalStateException("a claim let itself be written to outside its bounds");
    }
}
