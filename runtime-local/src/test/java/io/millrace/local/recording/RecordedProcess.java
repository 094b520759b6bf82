package io.millrace.local.recording;

import io.millrace.Dataflow;
import io.millrace.contract.nodes.Flood;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Operator;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A process of its own that records without end, so that it can be killed. Says {@code recorded N} now and then. */
final class RecordedProcess {
    private RecordedProcess() {}

    /** @param args the directory, and how many messages to record between two lines */
    public static void main(String[] args) {
        Dataflow dataflow = Dataflow.builder("doomed")
                .node("flood", Flood::new, ports -> ports.output("out"))
                .operator(
                        "sink",
                        () -> new Operator() {},
                        ports -> ports.input("in", "flood/out", QueuePolicy.BACKPRESSURE, 1024))
                .build();
        long step = Long.parseLong(args[1]);
        try (Recorder recorder = Recorder.open(Path.of(args[0]), RecorderOptions.DEFAULT);
                RunningDataflow running = dataflow.start(
                        StartOptions.builder().whenOpen(recorder::attach).build())) {
            for (long next = step; ; next += step) {
                while (recorder.counts().messages() < next && !running.state().isFinal()) {
                    LockSupport.parkNanos(100_000);
                }
                System.out.println("recorded " + recorder.counts().messages());
            }
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
            System.exit(3);
        }
    }

    /** Starts it, on the JVM and the class path of the caller. */
    static Process start(Path directory, long step, List<String> flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(flags);
        command.addAll(List.of(
                "-Xmx128m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                RecordedProcess.class.getName(),
                directory.toString(),
                Long.toString(step)));
        return new ProcessBuilder(command).redirectError(new File("/dev/null")).start();
    }

    static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }
}
