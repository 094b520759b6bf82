package io.millrace.remote.state;

import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.ShippedFile;
import io.millrace.remote.wire.Submission;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which artifacts are held, how much of each, and since when nobody needs it. */
final class Artifacts {
    private final TreeMap<String, Artifact> held = new TreeMap<>();
    private final ArtifactStore store;
    private final ClusterLimits limits;
    private long reservedBytes;

    Artifacts(ArtifactStore store, ClusterLimits limits) {
        this.store = store;
        this.limits = limits;
    }

    /** @param touchedMs when something was last done with it, while no job needs it */
    record Artifact(String sha256, long totalBytes, long heldBytes, boolean isWhole, long touchedMs) {}

    Collection<Artifact> all() {
        return Collections.unmodifiableCollection(held.values());
    }

    void add(Artifact artifact) {
        held.put(artifact.sha256, artifact);
        reservedBytes += artifact.totalBytes;
    }

    long reservedBytes() {
        return reservedBytes;
    }

    Outcome.Held ask(String sha256) {
        @Nullable Artifact artifact = held.get(sha256);
        return artifact == null ? new Outcome.Held(0, false) : new Outcome.Held(artifact.heldBytes, artifact.isWhole);
    }

    /** Of one that is whole. */
    byte[] readAll(String sha256) {
        return store.readAll(sha256);
    }

    Outcome put(ClusterEntry.PutChunk chunk, long nowMs, Supplier<Set<String>> needed) {
        Optional<String> complaint = complaint(chunk);
        if (complaint.isPresent()) {
            return Outcome.refused(Reason.INVALID, complaint.get());
        }
        @Nullable Artifact artifact = held.get(chunk.sha256());
        if (artifact == null) {
            if (chunk.totalBytes() > limits.artifactBytes()) {
                return Outcome.refused(
                        Reason.LIMIT,
                        "a shipped file has " + chunk.totalBytes() + " bytes, expected at most "
                                + limits.artifactBytes());
            }
            if (!makeRoom(chunk.totalBytes(), needed)) {
                return Outcome.refused(
                        Reason.LIMIT,
                        "the masters hold " + reservedBytes + " bytes of shipped files that jobs need, and "
                                + chunk.totalBytes() + " more are beyond " + limits.artifactsBytes());
            }
            artifact = new Artifact(chunk.sha256(), chunk.totalBytes(), 0, false, nowMs);
            add(artifact);
        }
        return append(artifact, chunk, nowMs);
    }

    private static Optional<String> complaint(ClusterEntry.PutChunk chunk) {
        if (!EntryChecks.isSha256(chunk.sha256())) {
            return Optional.of(
                    "an artifact is named by 64 digits of SHA-256, found " + EntryChecks.shown(chunk.sha256()));
        }
        boolean isWithin = chunk.offset() >= 0
                && chunk.totalBytes() >= 0
                && chunk.offset() <= chunk.totalBytes()
                && chunk.bytes().length <= chunk.totalBytes() - chunk.offset();
        return isWithin
                ? Optional.empty()
                : Optional.of(chunk.bytes().length + " bytes at " + chunk.offset() + " are not within an artifact of "
                        + chunk.totalBytes() + " bytes");
    }

    private Outcome append(Artifact artifact, ClusterEntry.PutChunk chunk, long nowMs) {
        if (artifact.totalBytes != chunk.totalBytes()) {
            return Outcome.refused(
                    Reason.CONFLICT,
                    "artifact " + artifact.sha256 + " has " + artifact.totalBytes + " bytes, now " + chunk.totalBytes()
                            + " were named");
        }
        long end = chunk.offset() + chunk.bytes().length;
        if (artifact.isWhole || chunk.offset() > artifact.heldBytes || end < artifact.heldBytes) {
            return new Outcome.Held(artifact.heldBytes, artifact.isWhole);
        }
        store.append(artifact.sha256, chunk.offset(), chunk.bytes());
        boolean isWhole = end == artifact.totalBytes;
        if (isWhole && !store.isIntact(artifact.sha256, artifact.totalBytes)) {
            drop(artifact);
            return Outcome.refused(
                    Reason.INVALID,
                    "the bytes of artifact " + artifact.sha256 + " have another SHA-256: send them anew");
        }
        held.put(artifact.sha256, new Artifact(artifact.sha256, artifact.totalBytes, end, isWhole, nowMs));
        return new Outcome.Held(end, isWhole);
    }

    /** The least recently used of those that no job needs go first. */
    private boolean makeRoom(long bytes, Supplier<Set<String>> neededNow) {
        if (reservedBytes + bytes <= limits.artifactsBytes()) {
            return true;
        }
        Set<String> needed = neededNow.get();
        while (reservedBytes + bytes > limits.artifactsBytes()) {
            Optional<Artifact> oldest = held.values().stream()
                    .filter(artifact -> !needed.contains(artifact.sha256))
                    .min((one, other) -> Long.compare(one.touchedMs, other.touchedMs));
            if (oldest.isEmpty()) {
                return false;
            }
            drop(oldest.get());
        }
        return true;
    }

    private void drop(Artifact artifact) {
        held.remove(artifact.sha256);
        reservedBytes -= artifact.totalBytes;
        store.remove(artifact.sha256);
    }

    /** What of a submission's files is not held as a whole. */
    Optional<String> missing(Submission submission) {
        for (ShippedFile file : submission.shipped()) {
            @Nullable Artifact artifact = held.get(file.sha256());
            if (artifact == null || !artifact.isWhole || artifact.totalBytes != file.sizeBytes()) {
                return Optional.of("file " + EntryChecks.shown(file.relativePath()) + " of node '" + file.nodeId()
                        + "' is not with the masters: "
                        + (artifact == null ? "nothing" : artifact.heldBytes + " bytes") + " of " + file.sizeBytes()
                        + " bytes are");
            }
        }
        return Optional.empty();
    }

    /** They are not needed any more from now on. */
    void touch(Submission submission, long nowMs) {
        for (ShippedFile file : submission.shipped()) {
            held.computeIfPresent(
                    file.sha256(),
                    (sha, artifact) ->
                            new Artifact(sha, artifact.totalBytes, artifact.heldBytes, artifact.isWhole, nowMs));
        }
    }

    void dropUnneeded(long nowMs, Set<String> needed) {
        for (Artifact artifact : List.copyOf(held.values())) {
            if (!needed.contains(artifact.sha256) && nowMs - artifact.touchedMs >= limits.artifactKeepMs()) {
                drop(artifact);
            }
        }
    }

    long dueMs(Set<String> needed) {
        long due = Long.MAX_VALUE;
        for (Artifact artifact : held.values()) {
            if (!needed.contains(artifact.sha256)) {
                due = Math.min(due, artifact.touchedMs + limits.artifactKeepMs());
            }
        }
        return due;
    }

    /** Of all jobs that have not ended. */
    static Set<String> needed(Collection<Job> jobs) {
        Set<String> needed = new HashSet<>();
        for (Job job : jobs) {
            job.submission.ifPresent(submission -> submission.shipped().forEach(file -> needed.add(file.sha256())));
        }
        return needed;
    }
}
