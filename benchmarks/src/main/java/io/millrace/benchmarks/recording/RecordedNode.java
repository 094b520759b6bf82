package io.millrace.benchmarks.recording;

import io.millrace.Dataflow;
import io.millrace.local.recording.Recorder;
import io.millrace.local.recording.RecorderCounts;
import io.millrace.local.recording.RecorderOptions;
import io.millrace.node.Claim;
import io.millrace.node.Output;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** A node that sends as fast as its recorder writes: nobody else receives, and nothing is lost. */
final class RecordedNode {
    private RecordedNode() {}

    static Written write(Path directory, int length, int messages) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch measured = new CountDownLatch(1);
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
                            measured.await();
                        },
                        ports -> ports.output("out"))
                .build();
        Recorder recorder = Recorder.open(directory, RecorderOptions.DEFAULT);
        try (recorder;
                RunningDataflow running = dataflow.start(
                        StartOptions.builder().whenOpen(recorder::attach).build())) {
            long beganNs = System.nanoTime();
            go.countDown();
            while (recorder.counts().messages() < messages) {
                LockSupport.parkNanos(200_000);
            }
            double rate = messages * 1e9 / (System.nanoTime() - beganNs);
            double processorNs = (double) processorNs("millrace-recorded-tap") / messages;
            measured.countDown();
            running.await();
            RecorderCounts counts = recorder.counts();
            if (counts.missing() > 0 || counts.failure().isPresent()) {
                throw new IllegalStateException("the recording is not whole: " + counts);
            }
            return new Written(rate, processorNs);
        }
    }

    /** What the thread of this name has used so far. */
    private static long processorNs(String name) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (ThreadInfo thread : threads.dumpAllThreads(false, false)) {
            if (thread.getThreadName().startsWith(name)) {
                return threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        throw new IllegalStateException("there is no thread '" + name + "'");
    }
}
