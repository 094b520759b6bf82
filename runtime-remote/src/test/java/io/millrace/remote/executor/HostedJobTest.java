package io.millrace.remote.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.part.PartListener;
import io.millrace.local.run.LocalPart;
import io.millrace.remote.agenda.Agenda;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.shared.SharedMemory;
import io.millrace.remote.wire.JobAssignment;
import io.millrace.remote.wire.PartAssignment;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartPhase;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import io.millrace.runtime.DataflowEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HostedJobTest {
    private final HostedJob job = new HostedJob("job", new Preparing());

    @Test
    void shouldHandOverAPartThatHasEndedOnceItIsNotWantedAnyMore() {
        follow(part(0, PartPhase.PREPARE), part(1, PartPhase.STOP));
        assertThat(job.takePast()).isEmpty();

        follow(part(0, PartPhase.PREPARE));

        assertThat(job.takePast()).singleElement().satisfies(past -> {
            assertThat(past.id()).isEqualTo(new PartId("job", 1));
            assertThat(past.state()).isEqualTo(PartState.ENDED);
        });
        assertThat(job.reports()).extracting(PartReport::id).containsExactly(new PartId("job", 0));
        assertThat(job.takePast()).isEmpty();
    }

    @Test
    void shouldHandOverAllWhenNoneIsWanted() {
        follow(part(0, PartPhase.PREPARE), part(1, PartPhase.PREPARE));

        job.drop(Duration.ZERO);

        assertThat(job.takePast()).hasSize(2);
        assertThat(job.parts()).isEmpty();
    }

    private void follow(PartAssignment... parts) {
        job.follow(new JobAssignment("job", "name", Arrays.asList(parts), List.of(), false), Duration.ZERO);
    }

    private static PartAssignment part(int number, PartPhase phase) {
        return new PartAssignment(new PartId("job", number), 7, List.of("node" + number), false, Map.of(), phase, 0);
    }

    /** Never gets a part prepared. */
    private static final class Preparing implements HostedJob.Host {
        private final Agenda agenda = new Agenda("test");

        @Override
        public String machineId() {
            return "boat";
        }

        @Override
        public String instance() {
            return "boat-1";
        }

        @Override
        public Agenda agenda() {
            return agenda;
        }

        @Override
        public LinkHub hub() {
            throw new AssertionError("nothing is linked");
        }

        @Override
        public @Nullable SharedMemory memory() {
            return null;
        }

        @Override
        public CompletionStage<LocalPart> prepare(HostedPart part, PartListener listener) {
            return new CompletableFuture<>();
        }

        @Override
        public void onChanged() {}

        @Override
        public void tell(HostedPart part, DataflowEvent event) {}

        @Override
        public void store(HostedPart part, String code, byte[] bytes) {}
    }
}
