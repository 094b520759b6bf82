package io.millrace.local.part;

import java.util.Optional;

/** Where the checkpoints of a part's nodes come from and go to. Called by any thread; must not block. */
public interface PartCheckpoints {
    /** Of nodes that leave nothing beyond this process. */
    PartCheckpoints NONE = new PartCheckpoints() {
        @Override
        public Optional<byte[]> restored(String part) {
            return Optional.empty();
        }

        @Override
        public void store(String part, byte[] state) {}
    };

    /**
     * What an earlier incarnation has left, elsewhere; asked once, when the part is prepared.
     *
     * @param part a node's id, or {@code node/operator}
     */
    Optional<byte[]> restored(String part);

    /** A newer checkpoint: at most ten a second of each, the last one for certain. The array is the receiver's. */
    void store(String part, byte[] state);
}
