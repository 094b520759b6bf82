package io.millrace.remote.state;

/**
 * Where a master keeps the bytes of artifacts: the state machine says what, the store where. Called by whoever applies entries, one call at a time.
 *
 * <p>After a restart entries are applied again over what the store has kept: so an append overwrites what stands at its offset, and removing what is not there is fine. What
 * fails is thrown, as an {@link java.io.UncheckedIOException}: a master that cannot keep what it has agreed to cannot go on.
 */
public interface ArtifactStore {

    /** Puts bytes at an offset that is never beyond what was appended before. */
    void append(String sha256, long offset, byte[] bytes);

    /** Whether the first so many bytes have this hash. May read them all. */
    boolean isIntact(String sha256, long totalBytes);

    /** All bytes of one that is whole. */
    byte[] readAll(String sha256);

    void remove(String sha256);
}
