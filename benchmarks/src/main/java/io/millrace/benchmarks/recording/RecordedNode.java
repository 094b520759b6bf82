package io.millrace.benchmarks.recording;

import io.millrace.Dataflow;
import io.millrace.local.recording.Recorder;
import io.millrace.local.recording.RecorderCounts;
import io.millrace.local.recording.RecorderOptions;
import io.millrace.node.Claim;
import io.millrace.node.Output;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A node that sends as fast as its recorder writes: nobody else receives, and nothing is lost. */
final class RecordedNode {
    private RecordedNode() {}

    static double messagesASecond(Path directory, int length, int messages) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Dataflow dataflow = Dataflow.builder("recorded")
                .node(
                        "source",
                        () -> context -> {
                            Output out = context.output("out");
                            go.await();
                            for (int i = 0; i < messages; i++) {
                                Claim claim = out.claim(length);
                                claim.putLong(0, i);
                                claim.commit();
                            }
                        },
                        ports -> ports.output("out"))
                .build();
        Recorder recorder = Recorder.open(directory, RecorderOptions.DEFAULT);
        try (recorder;
                RunningDataflow running = dataflow.start(
                        StartOptions.builder().whenOpen(recorder::attach).build())) {
            long beganNs = System.nanoTime();
            go.countDown();
            running.await();
            while (recorder.counts().messages() < messages) { // what the edge still holds
                Thread.onSpinWait();
            }
            double rate = messages * 1e9 / (System.nanoTime() - beganNs);
            RecorderCounts counts = recorder.counts();
            if (counts.missing() > 0 || counts.failure().isPresent()) {
                throw new IllegalStateException("the recording is not whole: " + counts);
            }
            return rate;
        }
    }
}
