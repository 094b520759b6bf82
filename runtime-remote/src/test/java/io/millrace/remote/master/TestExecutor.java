package io.millrace.remote.master;

import io.millrace.remote.link.Identity;
import io.millrace.remote.link.Role;
import io.millrace.remote.wire.ExecutorMessage;
import io.millrace.remote.wire.MasterMessage;
import io.millrace.remote.wire.PartAssignment;
import io.millrace.remote.wire.PartPhase;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import io.millrace.remote.wire.Question;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An executor that says at once that it has done what it was told, and runs nothing. */
final class TestExecutor extends TestPeer<ExecutorMessage, MasterMessage> {
    volatile List<PartReport> parts = List.of();
    volatile Question.Answer answer = new Question.Answer.Done();

    TestExecutor(String machineId, int port) {
        this(identity(Role.EXECUTOR, machineId), port);
    }

    TestExecutor(Identity identity, int port) {
        super(identity, port, ExecutorMessage.class, MasterMessage.class);
    }

    TestExecutor register() throws Exception {
        return register(identity.name());
    }

    TestExecutor register(String machineId) throws Exception {
        return register(machineId, List.of());
    }

    /** @param formers instances that it says have ended */
    TestExecutor register(String machineId, List<String> formers) throws Exception {
        send(new ExecutorMessage.Register(
                machineId,
                identity.instance(),
                Map.of("zone", "north"),
                "127.0.0.1",
                5000,
                4,
                "linux",
                parts,
                formers));
        return this;
    }

    @Override
    void onReceived(MasterMessage message) {
        try {
            if (message instanceof MasterMessage.Desired desired) {
                parts = desired.jobs().stream()
                        .flatMap(job -> job.parts().stream())
                        .filter(part -> part.phase() != PartPhase.DROP)
                        .map(TestExecutor::done)
                        .toList();
                send(new ExecutorMessage.Report(parts));
            } else if (message instanceof MasterMessage.Ask ask) {
                send(new ExecutorMessage.Answered(ask.request(), answer));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static PartReport done(PartAssignment part) {
        PartState state = switch (part.phase()) {
            case PREPARE -> PartState.PREPARED;
            case OPEN -> PartState.OPENED;
            case RUN -> PartState.RUNNING;
            case STOP, MOVE, DROP -> PartState.ENDED;
        };
        boolean wasStopped = state == PartState.ENDED;
        return new PartReport(
                part.id(),
                part.epoch(),
                state,
                List.of(),
                List.of(),
                wasStopped,
                Map.of(),
                List.of(),
                Optional.empty());
    }
}
