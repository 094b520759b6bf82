package io.millrace;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Problem;
import io.millrace.node.Node;
import io.millrace.runtime.DataflowRuntime;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.PreparedDataflow;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.workdir.ClientFacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * A dataflow that was checked and can be started, any number of times. Immutable; any thread.
 *
 * <pre>{@code
 * try (RunningDataflow running = Dataflow.load(Path.of("dataflow.yml")).start()) {
 *     running.await();
 * }
 * }</pre>
 */
public final class Dataflow {
    private final Graph graph;
    private final List<Problem> findings;

    Dataflow(Graph graph, List<Problem> findings) {
        this.graph = graph;
        this.findings = List.copyOf(findings);
    }

    /** As {@link #load(Path, LoadOptions)}, with {@link LoadOptions#DEFAULT}. */
    public static Dataflow load(Path file) {
        return load(file, LoadOptions.DEFAULT);
    }

    /**
     * Reads and checks a dataflow file. Blocks on the file system.
     *
     * @throws InvalidDataflowException with every problem, if one of them is an error
     */
    public static Dataflow load(Path file, LoadOptions options) {
        ClassesAhead.begin();
        return valid(DataflowCheck.file(file, options, ClientFacts.Situation.OWN_JVM));
    }

    /** As {@link #parse(String, LoadOptions)}, with {@link LoadOptions#DEFAULT}. */
    public static Dataflow parse(String yaml) {
        return parse(yaml, LoadOptions.DEFAULT);
    }

    /**
     * Reads and checks the text of a dataflow file. Blocks on the file system if paths are to be checked.
     *
     * @throws InvalidDataflowException with every problem, if one of them is an error
     */
    public static Dataflow parse(String yaml, LoadOptions options) {
        return valid(DataflowCheck.text(yaml, options));
    }

    /** Reads and checks a dataflow file, and throws for nothing that is the file's fault. Blocks on the file system. */
    public static CheckResult check(Path file, LoadOptions options) {
        return DataflowCheck.file(file, options, ClientFacts.Situation.OFFLINE_CHECK);
    }

    private static Dataflow valid(CheckResult result) {
        return result.dataflow().orElseThrow(() -> new InvalidDataflowException(result.problems()));
    }

    /** Begins a dataflow in code. */
    public static DataflowBuilder builder(String name) {
        return new DataflowBuilder(name);
    }

    /**
     * The same dataflow, but node {@code id} is made of other code: a source with the same outputs and no inputs, as for a test or a replay. In its own code an
     * operator's output is named {@code operator/output}; to the others everything is as it was.
     *
     * @throws IllegalArgumentException if there is no such node
     * @throws InvalidDataflowException if what comes of it is no valid dataflow
     */
    public Dataflow withSource(String id, Supplier<? extends Node> supplier) {
        return new SourceReplacement(graph, findings).replace(id, supplier);
    }

    /**
     * The same dataflow, but a source that code supplies sends what the application would publish into {@code millrace/app/NAME}, as for a test or a replay: a node of its own,
     * whose output is {@code out}. Its id is {@code app-NAME}, or like it where that is taken.
     *
     * @throws IllegalArgumentException if no input reads that name; the message lists those that are read
     * @throws InvalidDataflowException if what comes of it is no valid dataflow
     */
    public Dataflow withFeed(String name, Supplier<? extends Node> supplier) {
        return new SourceReplacement(graph, findings).feed(name, supplier);
    }

    /**
     * The same dataflow, but with this node in place of the one of its id: for those who put graphs together themselves, as where another machine is to run the node and so its
     * code cannot be an object.
     *
     * @throws IllegalArgumentException if there is no node of that id
     * @throws InvalidDataflowException if what comes of it is no valid dataflow
     */
    public Dataflow withNode(GraphNode node) {
        return new SourceReplacement(graph, findings).replace(node);
    }

    /** What it consists of. */
    public Graph graph() {
        return graph;
    }

    /** Warnings and notes that came of loading it. */
    public List<Problem> findings() {
        return findings;
    }

    /** As {@link #start(StartOptions)}, with {@link StartOptions#DEFAULT}. */
    public RunningDataflow start() {
        return start(StartOptions.DEFAULT);
    }

    /**
     * Prepares and starts it, and waits until every node is open. The options' start timeout bounds that from when all is prepared: files and classes take what they take.
     *
     * @throws InvalidDataflowException if something that it needs is missing, with every finding
     * @throws DataflowStartException if a node's {@code open} failed or did not return in time; nothing is left running. Also if this thread is interrupted while it waits: its
     *     flag is set, and the dataflow is ended without being waited for
     * @throws IllegalStateException if the runtime that the options name is not at hand
     */
    public RunningDataflow start(StartOptions options) {
        return start(runtime(options), options);
    }

    /** As {@link #start(DataflowRuntime, StartOptions)}, with {@link StartOptions#DEFAULT}. */
    public RunningDataflow start(DataflowRuntime runtime) {
        return start(runtime, StartOptions.DEFAULT);
    }

    /**
     * As {@link #start(StartOptions)}, on a runtime that the application has at hand, such as a cluster, whatever the options name.
     *
     * @throws InvalidDataflowException if something that it needs is missing, with every finding of everybody who is to run a part of it
     * @throws DataflowStartException as {@link #start(StartOptions)} does
     */
    public RunningDataflow start(DataflowRuntime runtime, StartOptions options) {
        CompletionStage<PreparedDataflow> prepared = runtime.prepare(graph, options);
        CompletionStage<RunningDataflow> started = prepared.thenCompose(PreparedDataflow::start);
        try {
            return started.toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // Whichever of the two comes first makes the other one harmless.
            prepared.thenAccept(PreparedDataflow::abandon);
            started.thenAccept(running -> running.stop(options.closeGrace()).thenRun(running::close));
            throw new DataflowStartException(
                    "interrupted while dataflow '" + graph.name() + "' was being started: it is given up", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e);
        }
    }

    /** As {@link #start(StartOptions)} without waiting: what that would throw, the stage completes with. */
    public CompletionStage<RunningDataflow> startAsync(StartOptions options) {
        DataflowRuntime runtime;
        try {
            runtime = runtime(options);
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(e);
        }
        return startAsync(runtime, options);
    }

    /** As {@link #start(DataflowRuntime, StartOptions)} without waiting: what that would throw, the stage completes with. */
    public CompletionStage<RunningDataflow> startAsync(DataflowRuntime runtime, StartOptions options) {
        return runtime.prepare(graph, options).thenCompose(PreparedDataflow::start);
    }

    private static DataflowRuntime runtime(StartOptions options) {
        ServiceLoader<DataflowRuntime> known =
                ServiceLoader.load(DataflowRuntime.class, Dataflow.class.getClassLoader());
        List<String> names = new ArrayList<>();
        for (DataflowRuntime runtime : known) {
            if (runtime.name().equals(options.runtime())) {
                return runtime;
            }
            names.add(runtime.name());
        }
        throw new IllegalStateException("there is no runtime '" + options.runtime() + "': found " + names
                + "; add the module that provides it, such as io.millrace:runtime-local, to the application");
    }

    @Override
    public String toString() {
        return graph.toString();
    }
}
