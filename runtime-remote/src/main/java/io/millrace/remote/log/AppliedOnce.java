package io.millrace.remote.log;

import static java.util.Objects.requireNonNull;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a state machine and lets each {@link AppendId} through once: part of every log, for its implementations. It is a state
 * machine itself, so what it remembers is replicated, and in snapshots, and the same on every member.
 *
 * <pre>
 * entry:    0 | the entry                                    without an id
 *           1 | origin, 16 bytes | call, 8 bytes | the entry
 * reply:    index, 8 bytes | the machine's reply
 * snapshot: version, 1 byte | count, 4 bytes | (origin | call | length, 4 bytes | reply) ... | the machine's snapshot
 * </pre>
 */
public final class AppliedOnce {
    /** So many ids are remembered. */
    public static final int WINDOW = 4096;

    /** So many bytes of replies are remembered at the most, but always the last one. */
    public static final int WINDOW_BYTES = 4 << 20;

    /** By how much an entry grows at the most. */
    public static final int OVERHEAD_BYTES = 1 + 16 + 8;

    private static final byte PLAIN = 0;
    private static final byte WITH_ID = 1;
    private static final byte SNAPSHOT_VERSION = 1;

    private final StateMachine machine;

    // In the order in which they were applied.
    private final Map<AppendId, byte[]> replies = new LinkedHashMap<>();
    private long replyBytes;

    /** For this machine. */
    public AppliedOnce(StateMachine machine) {
        this.machine = machine;
    }

    /** What is to stand in the log for this entry. */
    public static byte[] envelope(@Nullable AppendId id, byte[] entry) {
        if (entry.length > MetadataLog.MAX_ENTRY_BYTES) {
            throw new IllegalArgumentException("an entry of " + entry.length + " bytes: a log takes "
                    + MetadataLog.MAX_ENTRY_BYTES + " at the most");
        }
        if (id == null) {
            return ByteBuffer.allocate(1 + entry.length).put(PLAIN).put(entry).array();
        }
        return ByteBuffer.allocate(OVERHEAD_BYTES + entry.length)
                .put(WITH_ID)
                .putLong(id.origin().getMostSignificantBits())
                .putLong(id.origin().getLeastSignificantBits())
                .putLong(id.call())
                .put(entry)
                .array();
    }

    /** What {@link #apply} returned, read again. */
    public static AppendResult.Applied result(byte[] reply) {
        ByteBuffer buffer = ByteBuffer.wrap(reply);
        long index = buffer.getLong();
        return new AppendResult.Applied(index, rest(buffer));
    }

    /** Applies what {@link #envelope} made, unless its id was here before. */
    public byte[] apply(long index, byte[] envelope) {
        ByteBuffer buffer = ByteBuffer.wrap(envelope);
        byte kind = buffer.get();
        if (kind == PLAIN) {
            return applyNow(index, rest(buffer));
        }
        if (kind != WITH_ID) {
            throw new IllegalStateException(
                    "entry " + index + " of the log is of kind " + kind + ", which this version does not know");
        }
        AppendId id = new AppendId(new UUID(buffer.getLong(), buffer.getLong()), buffer.getLong());
        byte[] earlier = replies.get(id);
        if (earlier != null) {
            return earlier;
        }
        byte[] reply = applyNow(index, rest(buffer));
        remember(id, reply);
        return reply;
    }

    /** Writes what it remembers, and the machine's state. */
    public void snapshot(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeByte(SNAPSHOT_VERSION);
        data.writeInt(replies.size());
        for (Map.Entry<AppendId, byte[]> each : replies.entrySet()) {
            data.writeLong(each.getKey().origin().getMostSignificantBits());
            data.writeLong(each.getKey().origin().getLeastSignificantBits());
            data.writeLong(each.getKey().call());
            data.writeInt(each.getValue().length);
            data.write(each.getValue());
        }
        data.flush();
        machine.snapshot(out);
    }

    /** Reads what {@link #snapshot} wrote. */
    public void restore(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        byte version = data.readByte();
        if (version != SNAPSHOT_VERSION) {
            throw new IOException("a snapshot of version " + version + ": this version reads " + SNAPSHOT_VERSION);
        }
        int count = data.readInt();
        if (count < 0 || count > WINDOW) {
            throw new IOException(
                    "a snapshot that remembers " + count + " appends: at most " + WINDOW + " were expected");
        }
        replies.clear();
        replyBytes = 0;
        for (int i = 0; i < count; i++) {
            AppendId id = new AppendId(new UUID(data.readLong(), data.readLong()), data.readLong());
            int length = data.readInt();
            if (length < Long.BYTES || length > Long.BYTES + StateMachine.MAX_REPLY_BYTES) {
                throw new IOException("a snapshot with a reply of " + length + " bytes: at most "
                        + (Long.BYTES + StateMachine.MAX_REPLY_BYTES) + " were expected");
            }
            byte[] reply = new byte[length];
            data.readFully(reply);
            remember(id, reply);
        }
        machine.restore(in);
    }

    private byte[] applyNow(long index, byte[] entry) {
        byte[] reply = requireNonNull(machine.apply(index, entry), "a state machine's reply");
        if (reply.length > StateMachine.MAX_REPLY_BYTES) {
            throw new IllegalStateException("the reply to entry " + index + " has " + reply.length + " bytes: at most "
                    + StateMachine.MAX_REPLY_BYTES + " are allowed");
        }
        return ByteBuffer.allocate(Long.BYTES + reply.length)
                .putLong(index)
                .put(reply)
                .array();
    }

    private void remember(AppendId id, byte[] reply) {
        replies.put(id, reply);
        replyBytes += reply.length;
        var oldest = replies.entrySet().iterator();
        while (replies.size() > WINDOW || (replyBytes > WINDOW_BYTES && replies.size() > 1)) {
            replyBytes -= oldest.next().getValue().length;
            oldest.remove();
        }
    }

    private static byte[] rest(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
