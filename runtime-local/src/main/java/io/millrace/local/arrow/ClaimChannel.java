package io.millrace.local.arrow;

import io.millrace.node.Claim;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Writes into a claim, one piece behind the other. */
final class ClaimChannel implements WritableByteChannel {
    private final Claim claim;
    private int position;

    ClaimChannel(Claim claim) {
        this.claim = claim;
    }

    @Override
    public int write(ByteBuffer source) {
        int written = source.remaining();
        claim.putBytes(position, source);
        source.position(source.limit());
        position += written;
        return written;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
