package io.millrace.remote.executor;

import io.millrace.remote.wire.ExecutorMessage.StoreCheckpoint;
import io.millrace.remote.wire.PartId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What nodes have left for their next incarnation, until a leading master has answered for it: of each node and operator the last. It is said again to every leader, for the
 * one that heard of it may have led no more. Used by the agenda's thread.
 */
final class UnstoredCheckpoints {
    private final Map<Long, StoreCheckpoint> waiting = new LinkedHashMap<>(); // the oldest first
    private final Map<Of, Long> numbers = new HashMap<>();
    private final Set<Of> refused = new HashSet<>(); // of which it has been said
    private long next;
    private long overdueBefore;

    private record Of(PartId part, long epoch, String code) {
        static Of of(StoreCheckpoint checkpoint) {
            return new Of(checkpoint.part(), checkpoint.epoch(), checkpoint.code());
        }
    }

    /** What is to be sent of it. */
    StoreCheckpoint add(PartId part, long epoch, String code, byte[] bytes) {
        StoreCheckpoint added = new StoreCheckpoint(next++, part, epoch, code, bytes);
        @Nullable Long before = numbers.put(Of.of(added), added.number());
        if (before != null) {
            waiting.remove(before);
        }
        waiting.put(added.number(), added);
        return added;
    }

    /** All that is to be sent to a leader that has heard of none. */
    List<StoreCheckpoint> messages() {
        return List.copyOf(waiting.values());
    }

    /** What was there already when this was asked last: it may not have been decided. */
    List<StoreCheckpoint> overdue() {
        long before = overdueBefore;
        overdueBefore = next;
        return waiting.values().stream()
                .takeWhile(checkpoint -> checkpoint.number() < before)
                .toList();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    boolean isWaiting(PartId part, long epoch) {
        return waiting.values().stream()
                .anyMatch(checkpoint -> checkpoint.part().equals(part) && checkpoint.epoch() == epoch);
    }

    /** What a leader has answered for; empty if a later one has taken its place. */
    Optional<StoreCheckpoint> onAnswered(long number) {
        @Nullable StoreCheckpoint answered = waiting.remove(number);
        if (answered != null) {
            numbers.remove(Of.of(answered));
        }
        return Optional.ofNullable(answered);
    }

    /** Whether it is worth a line that it was refused. */
    boolean isNewRefusal(StoreCheckpoint checkpoint) {
        return refused.add(Of.of(checkpoint));
    }

    /** Nobody wants it any more. What of it still waits is answered for. */
    void forget(PartId part) {
        refused.removeIf(of -> of.part.equals(part));
    }
}
