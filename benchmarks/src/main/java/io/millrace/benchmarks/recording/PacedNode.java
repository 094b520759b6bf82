package io.millrace.benchmarks.recording;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.recording.Recorder;
import io.millrace.local.recording.RecorderOptions;
import io.millrace.node.Claim;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A node that sends at a fixed rate to one consumer, recorded or not. A message is late by the time from when it was due until it is sent, so that no wait is forgotten. */
final class PacedNode {
    private static final int QUEUE_SIZE = 1024;

    private PacedNode() {}

    /**
     * What a round has found.
     *
     * @param sendMeanNs how long a send takes, from the claim to the end of the commit
     */
    record Figures(double messagesASecond, double sendMeanNs, long sendP99Ns, long lateP99Ns, long lateMaxNs) {}

    /** @param recording where it is recorded to; null if it is not */
    static Figures run(int length, int rate, int seconds, @Nullable Path recording) throws InterruptedException {
        Histogram sends = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        Histogram lateness = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        long[] tookNs = {0};
        int messages = rate * seconds;
        Dataflow dataflow = Dataflow.builder("paced")
                .node(
                        "source",
                        () -> context ->
                                tookNs[0] = send(context.output("out"), length, rate, messages, sends, lateness),
                        ports -> ports.output("out"))
                .operator(
                        "sink",
                        () -> new Operator() {},
                        ports -> ports.input("in", "source/out", QueuePolicy.BACKPRESSURE, QUEUE_SIZE))
                .build();
        StartOptions.Builder options = StartOptions.builder();
        Recorder recorder = recording == null ? null : Recorder.open(recording, RecorderOptions.DEFAULT);
        if (recorder != null) {
            options.whenOpen(recorder::attach);
        }
        try (RunningDataflow running = dataflow.start(options.build())) {
            running.await();
        } finally {
            if (recorder != null) {
                recorder.close();
            }
        }
        return new Figures(
                messages * 1e9 / tookNs[0],
                sends.getMean(),
                sends.getValueAtPercentile(99),
                lateness.getValueAtPercentile(99),
                lateness.getMaxValue());
    }

    private static long send(Output out, int length, int rate, int messages, Histogram sends, Histogram lateness) {
        long intervalNs = TimeUnit.SECONDS.toNanos(1) / rate;
        long beganNs = System.nanoTime();
        long endedNs = beganNs;
        for (int i = 0; i < messages; i++) {
            long dueNs = beganNs + i * intervalNs;
            long nowNs = System.nanoTime();
            while (nowNs < dueNs) {
                Thread.onSpinWait();
                nowNs = System.nanoTime();
            }
            Claim claim = out.claim(length);
            claim.putLong(0, i);
            claim.commit();
            endedNs = System.nanoTime();
            sends.recordValue(endedNs - nowNs);
            lateness.recordValue(endedNs - dueNs);
        }
        return endedNs - beganNs;
    }
}
