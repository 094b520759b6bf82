package io.millrace.local.program;

import io.millrace.graph.Graph;
import io.millrace.local.part.PartCheckpoints;
import io.millrace.local.part.PartFiles;
import io.millrace.local.part.PartListener;
import io.millrace.local.part.PartSpec;
import io.millrace.local.run.LocalPart;
import io.millrace.local.waiting.Threads;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A dataflow of one node, a program, which runs as an executor runs it. */
final class PartOfPrograms implements AutoCloseable {
    private static final StartOptions OPTIONS = StartOptions.builder()
            .closeGrace(Duration.ofSeconds(20))
            .keepAlive(false)
            .build();

    private final LocalPart part;

    /** That nobody is told anything. */
    private static final class Alone implements PartListener {
        @Override
        public void onNodeFailed(String consumer, String failed, String error, List<String> inputs) {
            throw new AssertionError(failed + " has failed: " + error);
        }

        @Override
        public void onNodeRestarted(String consumer, String restarted) {
            throw new AssertionError(restarted + " runs again");
        }
    }

    PartOfPrograms(Graph graph, String node, PartFiles files) {
        PartSpec spec = new PartSpec(graph, Set.of(node), 0, Map.of(), files, PartCheckpoints.NONE, new Alone());
        part = LocalPart.prepare(spec, OPTIONS).toCompletableFuture().join();
    }

    /** Has it run; what it sends on that output. */
    Subscription run(String output) throws Exception {
        part.open().toCompletableFuture().get(Threads.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        Subscription out = part.running().subscribe(output, SubscribeOptions.backpressure(1000));
        part.run();
        return out;
    }

    LocalPart part() {
        return part;
    }

    @Override
    public void close() {
        part.running().stop(Threads.DEADLINE);
        part.abandon()
                .toCompletableFuture()
                .orTimeout(Threads.DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
