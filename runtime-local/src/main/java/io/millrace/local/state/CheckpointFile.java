package io.millrace.local.state;

import io.millrace.node.NodeContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of a checkpoint's file, little-endian.
 *
 * <pre>
 *    0  magic         8 bytes  "MILLRCP1"
 *    8  owner length  i32
 *   12  state length  i32
 *   16  owner         UTF-8: the dataflow's name, a line feed, the node's or operator's
 *       state
 *       CRC-32C       i32      of all before
 * </pre>
 */
final class CheckpointFile {
    private static final byte[] MAGIC = "MILLRCP1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_LENGTH = MAGIC.length + 2 * Integer.BYTES;
    private static final int TRAILER_LENGTH = Integer.BYTES;

    private CheckpointFile() {}

    /** That the bytes are no checkpoint, or another's; the message says how that shows. */
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(String message) {
            super(message);
        }
    }

    static byte[] encode(String dataflow, String part, byte[] state) {
        byte[] owner = owner(dataflow, part);
        ByteBuffer file = ByteBuffer.allocate(HEADER_LENGTH + owner.length + state.length + TRAILER_LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.put(MAGIC).putInt(owner.length).putInt(state.length).put(owner).put(state);
        file.putInt(checksum(file.array(), file.position()));
        return file.array();
    }

    static byte[] decode(byte[] bytes, String dataflow, String part) throws UnreadableException {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER_LENGTH + TRAILER_LENGTH
                || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new UnreadableException("it does not begin as the checkpoints of this version do, with '"
                    + new String(MAGIC, StandardCharsets.US_ASCII) + "'");
        }
        long ownerLength = file.getInt(MAGIC.length);
        long stateLength = file.getInt(MAGIC.length + Integer.BYTES);
        long expected = HEADER_LENGTH + ownerLength + stateLength + TRAILER_LENGTH;
        if (ownerLength < 0
                || stateLength < 0
                || stateLength > NodeContext.MAX_CHECKPOINT_BYTES
                || expected != bytes.length) {
            throw new UnreadableException("it has " + bytes.length + " bytes, where its header says " + expected
                    + ": it is cut off or damaged");
        }
        if (file.getInt(bytes.length - TRAILER_LENGTH) != checksum(bytes, bytes.length - TRAILER_LENGTH)) {
            throw new UnreadableException("its checksum is wrong: it is damaged");
        }
        byte[] owner = Arrays.copyOfRange(bytes, HEADER_LENGTH, HEADER_LENGTH + (int) ownerLength);
        if (!Arrays.equals(owner, owner(dataflow, part))) {
            throw new UnreadableException(
                    "it belongs to '" + new String(owner, StandardCharsets.UTF_8).replace("\n", "', node '") + "'");
        }
        return Arrays.copyOfRange(bytes, HEADER_LENGTH + owner.length, bytes.length - TRAILER_LENGTH);
    }

    private static byte[] owner(String dataflow, String part) {
        return (dataflow + "\n" + part).getBytes(StandardCharsets.UTF_8);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
