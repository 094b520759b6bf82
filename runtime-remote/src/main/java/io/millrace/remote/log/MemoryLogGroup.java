package io.millrace.remote.log;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The members of a log in one JVM, whose leader a test or a simulation changes and whose members it cuts from the others. May be used
 * from any thread.
 *
 * <p>It behaves as a log that is replicated does, without its delays: what is appended through the leader stands in the log as soon as
 * the leader and as many others as a majority needs are open and not cut. Where that is not so, appends wait; when another leader is
 * elected meanwhile, they are lost. Whenever the leader is closed or cut and the others are a majority, the first of them in the order
 * of the names as given leads, at once.
 *
 * <p>What a member has stored outlives it in the group, for the next one that is opened under its name: entries, or the last snapshot and
 * the entries after it.
 *
 * <p>A member's machine, listener and appenders are called on a thread of its own, or by an executor that is given: one that runs every
 * task at once makes the whole group deterministic.
 */
public final class MemoryLogGroup {
    private static final int NEVER = Integer.MAX_VALUE;

    private final @Nullable Executor executor;
    private final int snapshotEvery;

    // Guarded by this.
    private final Map<String, Optional<MemoryMember>> members = new LinkedHashMap<>();
    /** The entries after the one with the snapshot's index. */
    private final List<byte[]> entries = new ArrayList<>();

    private byte @Nullable [] snapshot;
    private long snapshotIndex;
    private long term;
    private @Nullable MemoryMember leader;

    private MemoryLogGroup(Collection<String> names, @Nullable Executor executor, int snapshotEvery) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a log needs at least one member");
        }
        this.executor = executor;
        this.snapshotEvery = snapshotEvery;
        names.forEach(name -> members.put(name, Optional.empty()));
    }

    /** A group of members of these names, none of them open, each with a thread of its own while it is. */
    public static MemoryLogGroup of(String... names) {
        return new MemoryLogGroup(List.of(names), null, NEVER);
    }

    /** As {@link #of}, on threads of this executor. */
    public static MemoryLogGroup on(Executor executor, Collection<String> names) {
        return new MemoryLogGroup(names, executor, NEVER);
    }

    /** As {@link #of}, with a snapshot whenever a member has applied that many entries more; the entries in it are dropped. */
    public static MemoryLogGroup withSnapshots(int every, String... names) {
        return new MemoryLogGroup(List.of(names), null, every);
    }

    /**
     * Opens a member.
     *
     * @throws LogUnavailableException if it is open
     * @throws IllegalArgumentException if the group has no member of this name
     */
    public MetadataLog open(String name, StateMachine machine, LogListener listener) {
        MemoryMember member = new MemoryMember(this, name, machine, listener, executor);
        change(() -> {
            if (find(name).isPresent()) {
                throw new LogUnavailableException("member '" + name + "' of the log is open already", null);
            }
            members.put(name, Optional.of(member));
            tellOfLeader(member);
        });
        return member;
    }

    /** {@link #open} for the member of this name, as a master takes it. */
    public MetadataLogs member(String name) {
        return (machine, listener) -> open(name, machine, listener);
    }

    /** The member that leads; one that only believes to, because it is cut, does not. */
    public synchronized Optional<String> leader() {
        return Optional.ofNullable(leader).map(MemoryMember::name);
    }

    /**
     * Makes this member lead.
     *
     * @throws IllegalStateException if it is not open, is cut, or there is no majority
     */
    public void lead(String name) {
        change(() -> {
            MemoryMember next = requireOpen(name);
            if (!next.canReachOthers() || together().size() < majority()) {
                throw new IllegalStateException("member '" + name + "' cannot lead: no majority, or not part of it");
            }
            begin(next);
        });
    }

    /** Cuts a member from all others, which it does not notice: a leader goes on believing that it leads. */
    public void cut(String name) {
        change(() -> requireOpen(name).cut = true);
    }

    /** Ends a {@link #cut}. */
    public void heal(String name) {
        change(() -> {
            MemoryMember member = requireOpen(name);
            member.cut = false;
            tellOfLeader(member);
        });
    }

    /** Has a member without a majority notice it, as it would by itself after a while: it knows of no leader, and its appends are unknown. */
    public void notice(String name) {
        change(() -> {
            MemoryMember member = requireOpen(name);
            member.giveUpPending("no majority of the log's members could be reached");
            member.tell(new Leadership(term, Optional.empty(), false));
            if (member == leader) {
                leader = null;
            }
        });
    }

    /** Closes a member as if its process had been killed: it applies nothing more, and answers nothing. */
    public void kill(String name) {
        MemoryMember member;
        synchronized (this) {
            member = requireOpen(name);
        }
        member.stopAtOnce();
        member.close();
    }

    /** Has the next append through this member come out as unknown, although it is applied. */
    public void loseNextReply(String name) {
        change(() -> requireOpen(name).losesNextReply = true);
    }

    // For members.

    int snapshotEvery() {
        return snapshotEvery;
    }

    void offer(MemoryMember member, MemoryMember.Pending append) {
        change(() -> {
            if (member.hasStopped()) {
                append.result()
                        .complete(new AppendResult.Refused("member '" + member.name() + "' of the log has stopped"));
            } else if (member.gone) {
                append.result().complete(new AppendResult.Refused("the log is closed"));
            } else if (member.believesToLead() && (member == leader || member.cut)) {
                member.pending.add(append);
            } else {
                member.answer(append.result(), new AppendResult.NotLeader(knownTo(member)));
            }
        });
        member.wake();
    }

    void remove(MemoryMember member) {
        change(() -> {
            if (!member.gone) {
                member.gone = true;
                member.giveUpPending("the log was closed");
                member.tell(new Leadership(term, Optional.empty(), false));
                members.put(member.name(), Optional.empty());
            }
        });
        member.wake();
    }

    void stopped(MemoryMember member) {
        change(() -> member.giveUpPending("member '" + member.name() + "' of the log has stopped"));
    }

    synchronized void keep(long index, byte[] taken) {
        if (index > snapshotIndex) {
            entries.subList(0, (int) (index - snapshotIndex)).clear();
            snapshotIndex = index;
            snapshot = taken;
        }
    }

    /** Changes something under the lock, sees to everything that follows from it, and has the members do it outside of the lock. */
    private void change(Runnable step) {
        List<MemoryMember> open;
        synchronized (this) {
            step.run();
            elect();
            commit();
            together().forEach(this::deliver);
            if (leader != null) {
                deliver(leader);
            }
            open = members.values().stream().flatMap(Optional::stream).toList();
        }
        open.forEach(MemoryMember::wake);
    }

    private void elect() {
        boolean led = leader != null && leader.canReachOthers();
        List<MemoryMember> candidates = together();
        if (!led && candidates.size() >= majority()) {
            begin(candidates.get(0));
        } else if (leader != null && leader.gone) {
            leader = null;
        }
    }

    private void begin(MemoryMember next) {
        if (leader == next) {
            return;
        }
        if (leader != null && !leader.cut) {
            leader.giveUpPending("another member leads now");
        }
        leader = next;
        term++;
        deliver(next);
        together().forEach(this::tellOfLeader);
    }

    private void tellOfLeader(MemoryMember member) {
        if (leader == null || (member.cut && member != leader)) {
            return;
        }
        if (member != leader) {
            member.giveUpPending("another member leads now");
        }
        member.tell(new Leadership(term, Optional.of(leader.name()), member == leader));
    }

    private void commit() {
        if (leader == null || (leader.cut ? 1 : together().size()) < majority()) {
            return;
        }
        for (MemoryMember.Pending each = leader.pending.poll(); each != null; each = leader.pending.poll()) {
            entries.add(each.envelope());
            leader.results.put(snapshotIndex + entries.size(), each.result());
        }
    }

    private void deliver(MemoryMember member) {
        if (member.nextIndex <= snapshotIndex && snapshot != null) {
            member.restore(snapshotIndex, snapshot);
            member.nextIndex = snapshotIndex + 1;
        }
        while (member.nextIndex <= snapshotIndex + entries.size()) {
            long index = member.nextIndex++;
            var result = member.results.remove(index);
            member.apply(
                    index,
                    entries.get((int) (index - snapshotIndex - 1)),
                    result,
                    result != null && member.losesNextReply);
            member.losesNextReply &= result == null;
        }
    }

    private Optional<String> knownTo(MemoryMember member) {
        return member.cut ? member.leadership().leader() : leader();
    }

    /** The members that reach each other. */
    private List<MemoryMember> together() {
        return members.values().stream()
                .flatMap(Optional::stream)
                .filter(MemoryMember::canReachOthers)
                .toList();
    }

    private int majority() {
        return members.size() / 2 + 1;
    }

    private MemoryMember requireOpen(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException("member '" + name + "' is not open"));
    }

    private Optional<MemoryMember> find(String name) {
        Optional<MemoryMember> member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException("the log has no member '" + name + "', only " + members.keySet());
        }
        return member;
    }
}
