package io.millrace.local.isolated;

import io.millrace.node.Batch;
import io.millrace.node.Message;
import org.jspecify.annotations.Nullable;

/** The messages of one call of {@code onBatch}, fetched one by one. Used by the node's thread only. */
final class RemoteBatch extends Batch {
    private final RemoteContext context;

    RemoteBatch(RemoteContext context) {
        this.context = context;
    }

    @Override
    public @Nullable Message next() {
        context.releaseMessage();
        context.begin(Ask.BATCH_NEXT);
        PacketReader in = context.ask();
        return in.flag() ? context.readMessage(in) : null;
    }
}
