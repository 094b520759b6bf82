package io.millrace.remote.state;

import io.millrace.remote.state.ClusterEntry.RegisterExecutor;
import io.millrace.remote.state.ExecutorEntry.Presence;
import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Executors come and go. */
final class Membership {
    private final Step step;
    private final Jobs jobs;
    private final LifeCycle lifeCycle;

    Membership(Step step, Jobs jobs, LifeCycle lifeCycle) {
        this.step = step;
        this.jobs = jobs;
        this.lifeCycle = lifeCycle;
    }

    Outcome register(RegisterExecutor entry) {
        Optional<String> complaint = EntryChecks.complaint(entry);
        if (complaint.isPresent()) {
            return Outcome.refused(Reason.INVALID, complaint.get());
        }
        @Nullable ExecutorEntry executor = step.executors.find(entry.machineId()).orElse(null);
        if (executor == null) {
            return join(entry);
        }
        if (executor.instance.equals(entry.instance())) {
            return comeBack(executor, entry);
        }
        return executor.isHere() ? refuse(executor) : beginAnew(executor, entry);
    }

    private Outcome join(RegisterExecutor entry) {
        if (step.executors.count() >= step.limits.maxExecutors()) {
            return Outcome.refused(Reason.LIMIT, "there are " + step.executors.count() + " executors already");
        }
        ExecutorEntry executor = new ExecutorEntry(entry.machineId());
        describe(executor, entry);
        executor.holdsMs = entry.holdsMs();
        executor.incarnation = 1;
        step.executors.add(executor);
        return registered(executor);
    }

    private static Outcome refuse(ExecutorEntry taken) {
        return Outcome.refused(
                Reason.CONFLICT,
                "machine id '" + taken.machineId + "' is taken by an executor with links at " + taken.linkHost + ":"
                        + taken.linkPort
                        + ": give this one another machine id, or end that one; if it has crashed, its lease ends by itself");
    }

    /** Another process of the same machine: nothing of what the former had is left, and what that could not start this one may. */
    private Outcome beginAnew(ExecutorEntry executor, RegisterExecutor entry) {
        step.executors.change(executor, () -> {
            describe(executor, entry);
            executor.holdsMs = entry.holdsMs();
            executor.incarnation++;
            executor.presence = Presence.HERE;
            executor.isDraining = false;
        });
        jobs.active().forEach(job -> job.refusals.values().forEach(machines -> machines.remove(executor.machineId)));
        for (Part part : List.copyOf(executor.parts)) {
            lifeCycle.replacement().vanished(part, "machine '" + executor.machineId + "' was started anew");
        }
        return registered(executor);
    }

    /** The same process: it goes on with what it has. */
    private Outcome comeBack(ExecutorEntry executor, RegisterExecutor entry) {
        step.executors.change(executor, () -> {
            describe(executor, entry);
            executor.holdsMs = Math.max(executor.holdsMs, entry.holdsMs());
            executor.presence = Presence.HERE;
        });
        Set<Part> had = new HashSet<>();
        for (PartReport report : entry.parts()) {
            @Nullable Part part = jobs.find(executor, report);
            if (part != null) {
                had.add(part);
            }
        }
        for (Part part : List.copyOf(executor.parts)) {
            if (part.isMissing()) {
                part.missingSinceMs = -1;
                part.job.note(step.nowMs, "machine '" + executor.machineId + "' is back");
                step.touch(part.job);
            }
            boolean wasThere = part.isReported && part.state.isAtLeast(PartState.PREPARED);
            if (!had.contains(part) && wasThere && !part.isDone() && !LifeCycle.isConfirmedByAbsence(part)) {
                lifeCycle.replacement().vanished(part, "machine '" + executor.machineId + "' has come back without it");
            }
        }
        lifeCycle.onReports(executor, entry.parts());
        return registered(executor);
    }

    private static void describe(ExecutorEntry executor, RegisterExecutor entry) {
        executor.instance = entry.instance();
        executor.labels = entry.labels();
        executor.linkHost = entry.linkHost();
        executor.linkPort = entry.linkPort();
        executor.cores = entry.cores();
        executor.system = entry.system();
    }

    private Outcome registered(ExecutorEntry executor) {
        step.touch(executor);
        for (Job job : jobs.active()) {
            lifeCycle.replacement().retry(job);
            lifeCycle.firstPlacing().retry(job);
        }
        for (ExecutorEntry drained : step.executors.draining()) {
            List.copyOf(drained.parts).forEach(lifeCycle.replacement()::leaveIfItCan);
        }
        return new Outcome.Registered(executor.incarnation);
    }

    Outcome unregister(String machineId, String instance, String reason) {
        String why = reason.isEmpty() ? "" : " (" + reason + ")";
        return leave(machineId, instance, Presence.LEFT, "machine '" + machineId + "' has left" + why);
    }

    Outcome lost(String machineId, String instance) {
        return leave(machineId, instance, Presence.LOST, "machine '" + machineId + "' is lost");
    }

    private Outcome leave(String machineId, String instance, Presence presence, String reason) {
        @Nullable ExecutorEntry executor = step.executors.find(machineId).orElse(null);
        if (executor == null || !executor.instance.equals(instance)) {
            return Outcome.refused(Reason.UNKNOWN, "there is no such process of machine '" + machineId + "'");
        }
        if (!executor.isHere()) {
            return new Outcome.Done();
        }
        step.executors.change(executor, () -> {
            executor.presence = presence;
            executor.goneAtMs = step.nowMs;
        });
        step.touch(executor);
        for (Part part : List.copyOf(executor.parts)) {
            lifeCycle.replacement().lost(part, reason);
        }
        return new Outcome.Done();
    }

    Outcome drain(String machineId) {
        @Nullable ExecutorEntry executor = step.executors.find(machineId).orElse(null);
        if (executor == null || !executor.isHere()) {
            return Outcome.refused(Reason.UNKNOWN, "no executor '" + machineId + "' is there to be drained");
        }
        if (!executor.isDraining) {
            step.executors.change(executor, () -> executor.isDraining = true);
        }
        List.copyOf(executor.parts).forEach(lifeCycle.replacement()::leaveIfDrained); // told again, it looks again
        return new Outcome.Done();
    }

    Outcome reported(String machineId, String instance, List<PartReport> reports) {
        @Nullable ExecutorEntry executor = step.executors.find(machineId).orElse(null);
        if (executor == null || !executor.isHere() || !executor.instance.equals(instance)) {
            return Outcome.refused(Reason.UNKNOWN, "no such process of machine '" + machineId + "' is registered");
        }
        lifeCycle.onReports(executor, reports);
        return new Outcome.Done();
    }
}
