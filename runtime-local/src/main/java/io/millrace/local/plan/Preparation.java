package io.millrace.local.plan;

import io.millrace.graph.Execution.Idle;
import io.millrace.graph.Execution.Isolation;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Location;
import io.millrace.graph.LogSettings;
import io.millrace.graph.Problem;
import io.millrace.graph.ProgramEdges;
import io.millrace.graph.Source;
import io.millrace.local.affinity.Cores;
import io.millrace.local.affinity.CpuAffinity;
import io.millrace.local.code.NodeClass;
import io.millrace.local.nativecode.NativeOperator;
import io.millrace.local.part.PartCheckpoints;
import io.millrace.local.part.PartSpec;
import io.millrace.local.plan.PlannedCode.PlannedLoop;
import io.millrace.local.plan.PlannedCode.PlannedOperator;
import io.millrace.local.plan.PlannedCode.PlannedProcess;
import io.millrace.local.state.Checkpoints;
import io.millrace.node.Node;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.PreparedDataflow;
import io.millrace.runtime.StartOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From graph to plan: finds directories and classes, and says at once everything that is missing. Used by one thread. */
public final class Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    private final Graph graph;
    private final @Nullable PartSpec part;
    private final StartOptions options;
    private final ClassLoaders loaders;
    private final NodeFiles files;
    private final List<Problem> problems = new ArrayList<>();
    private final ProgramPreparation programs = new ProgramPreparation(problems);

    /** @param part what of the graph is to run; null for all */
    private Preparation(Graph graph, @Nullable PartSpec part, StartOptions options, ClassLoader parent) {
        this.graph = graph;
        this.part = part;
        this.options = options;
        this.loaders = new ClassLoaders(parent);
        this.files = part == null ? new NodeFiles(graph) : new NodeFiles(graph, part.files());
    }

    /**
     * Does not block: the work is done on a thread of its own.
     *
     * @param preparing what is to become of the plan
     */
    public static CompletionStage<PreparedDataflow> begin(
            Graph graph, StartOptions options, BiFunction<Plan, StartOptions, PreparedDataflow> preparing) {
        return begin(graph, null, options, plan -> preparing.apply(plan, options));
    }

    /** For a part. */
    public static <T> CompletionStage<T> begin(PartSpec part, StartOptions options, Function<Plan, T> preparing) {
        return begin(part.graph(), part, options, preparing);
    }

    private static <T> CompletionStage<T> begin(
            Graph graph, @Nullable PartSpec part, StartOptions options, Function<Plan, T> preparing) {
        ClassLoader parent = options.classLoader().orElseGet(Preparation::contextLoader);
        CompletableFuture<T> prepared = new CompletableFuture<>();
        Preparation preparation = new Preparation(graph, part, options, parent);
        Thread thread =
                new Thread(() -> complete(prepared, preparation, preparing), "millrace-" + graph.name() + "-prepare");
        thread.setDaemon(!options.keepAlive()); // the coordinator begins before it ends, and takes that over
        thread.start();
        return prepared;
    }

    /** On this thread. Blocks on the file system. */
    public static Plan plan(Graph graph, StartOptions options) {
        ClassLoader parent = options.classLoader().orElseGet(Preparation::contextLoader);
        return new Preparation(graph, null, options, parent).plan();
    }

    private static ClassLoader contextLoader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context != null ? context : ClassLoader.getSystemClassLoader();
    }

    private static <T> void complete(
            CompletableFuture<T> prepared, Preparation preparation, Function<Plan, T> preparing) {
        try {
            prepared.complete(preparing.apply(preparation.plan()));
        } catch (Throwable t) { // whatever happened is the caller's to see
            prepared.completeExceptionally(t);
        }
    }

    private Plan plan() {
        try {
            List<PlannedNode> nodes = new ArrayList<>();
            for (GraphNode node : graph.nodes()) {
                if (part == null || part.isHere(node.id())) {
                    nodes.add(plan(node));
                }
            }
            if (hasError(problems)) {
                throw new InvalidDataflowException(problems);
            }
            problems.addAll(
                    ProgramEdges.notes(nodes.stream().map(PlannedNode::node).toList()));
            for (Problem problem : problems) {
                log(problem);
            }
            return new Plan(graph, nodes, loaders, files, checkpoints(), part, problems);
        } catch (Throwable t) { // also what nobody has thought of must not leave class paths open
            loaders.close();
            throw t;
        }
    }

    private static boolean hasError(List<Problem> problems) {
        for (Problem problem : problems) {
            if (problem.isError()) {
                return true;
            }
        }
        return false;
    }

    private Checkpoints checkpoints() {
        if (part != null) {
            PartCheckpoints kept = part.checkpoints();
            return Checkpoints.of(graph, part.nodes(), kept::restored, kept::store);
        }
        try {
            return Checkpoints.open(graph, options.stateDirectory());
        } catch (IOException e) {
            throw new DataflowStartException(
                    "dataflow '" + graph.name() + "' did not start: " + e.getMessage(), e.getCause());
        }
    }

    private void log(Problem problem) {
        if (problem.severity() == Problem.Severity.NOTE) {
            LOG.info("dataflow '{}': {}", graph.name(), problem);
        } else {
            LOG.warn("dataflow '{}': {}", graph.name(), problem);
        }
    }

    private PlannedNode plan(GraphNode node) {
        checkSupported(node);
        NodeFiles.Found found = files.find(node);
        problems.addAll(found.problems());
        // Where an entry is missing, so perhaps are classes, and that would be no second problem.
        boolean isClassPathWhole = !hasError(found.problems());
        ClassLoader loader = loaders.of(found.classpath());
        if (node.execution().isolation() == Isolation.PROCESS && isJava(node)) {
            Isolating isolating = new Isolating(node, found, options, loader);
            List<PlannedCode> code = isClassPathWhole ? isolating.code() : List.of();
            problems.addAll(isolating.problems());
            return new PlannedNode(node, found.place(), idle(node), loader, code);
        }
        List<PlannedCode> code = new ArrayList<>();
        for (GraphOperator operator : node.operators()) {
            if (ProgramPreparation.isProgram(operator.source())) {
                program(node, operator, found).ifPresent(code::add);
            } else if (operator.source() instanceof Source.SharedLibrarySource) {
                new LibraryPreparation(problems)
                        .find(node, operator, found)
                        .ifPresent(library -> code.add(fromLibrary(operator, library)));
            } else if (!(operator.source() instanceof Source.ClassSource) || isClassPathWhole) {
                code(node, operator, loader).ifPresent(code::add);
            }
        }
        return new PlannedNode(node, found.place(), idle(node), loader, code);
    }

    private Optional<PlannedCode> program(GraphNode node, GraphOperator operator, NodeFiles.Found found) {
        if (!isProcess(node)) {
            error(
                    operator.location(),
                    "node '" + node.id() + "' is made of '" + operator.source()
                            + "' and of Java classes: what runs in a process of its own is a node of its own");
            return Optional.empty();
        }
        int index = node.operators().indexOf(operator);
        return programs.find(node, operator, found.programs().get(index), found.directory())
                .map(program -> new PlannedProcess(operator, Map.of(), program));
    }

    public static boolean isProcess(GraphNode node) {
        return node.operators().stream().map(GraphOperator::source).allMatch(ProgramPreparation::isProgram);
    }

    private Optional<PlannedCode> code(GraphNode node, GraphOperator operator, ClassLoader loader) {
        if (operator.source() instanceof Source.ClassSource source) {
            return fromClass(node, operator, source, loader);
        }
        return Optional.of(fromSupplier(operator, (Source.SuppliedSource) operator.source()));
    }

    private Optional<PlannedCode> fromClass(
            GraphNode node, GraphOperator operator, Source.ClassSource source, ClassLoader loader) {
        try {
            NodeClass found = NodeClass.find(source.className(), loader);
            if (found.isOperator()) {
                return Optional.of(new PlannedOperator(operator, source.config(), () -> found.create(Operator.class)));
            }
            if (node.hasOperators()) {
                error(
                        operator.location(),
                        "operator '" + operator.id() + "' of node '" + node.id() + "': class '" + source.className()
                                + "' has its own loop; an operator implements " + Operator.class.getName());
                return Optional.empty();
            }
            return Optional.of(new PlannedLoop(operator, source.config(), () -> found.create(Node.class)));
        } catch (NodeClass.UnusableException e) {
            error(operator.location(), "node '" + node.id() + "': " + e.getMessage());
            return Optional.empty();
        }
    }

    private static PlannedCode fromLibrary(GraphOperator operator, Path library) {
        return new PlannedOperator(operator, Map.of(), () -> new NativeOperator(library));
    }

    private static PlannedCode fromSupplier(GraphOperator operator, Source.SuppliedSource source) {
        Map<String, Object> config = source.config();
        return source.isReactive()
                ? new PlannedOperator(operator, config, () -> Operator.class.cast(supplied(source)))
                : new PlannedLoop(operator, config, () -> Node.class.cast(supplied(source)));
    }

    private static Object supplied(Source.SuppliedSource source) {
        return java.util.Objects.requireNonNull(source.supplier().get(), "the node's supplier returned null");
    }

    private Idle idle(GraphNode node) {
        return node.execution().idle().orElse(options.idle());
    }

    private void checkSupported(GraphNode node) {
        if (!node.execution().cpuAffinity().isEmpty()) {
            checkCores(node);
        }
        if (isJava(node)) {
            for (GraphOperator operator : node.operators()) {
                noteProgramKeys(node, operator);
            }
        }
    }

    private void noteProgramKeys(GraphNode node, GraphOperator operator) {
        LogSettings logs = operator.logs();
        boolean rotates =
                logs.maxSizeBytes().isPresent() || logs.maxRotatedFiles().isPresent();
        boolean isOwnJvm = node.execution().isolation() == Isolation.PROCESS;
        if (isOwnJvm
                && logs.sendStdoutAs().isPresent()
                && !operator.equals(node.operators().get(0))) {
            problems.add(Problem.note(
                    operator.location(),
                    "node '" + node.id() + "': its operators share a JVM, whose standard output is that of the first"
                            + " operator: write send_stdout_as there"));
        }
        if (!isOwnJvm && logs.sendStdoutAs().isPresent() || rotates) {
            problems.add(Problem.note(
                    operator.location(),
                    "node '" + node.id() + "': send_stdout_as, max_log_size and max_rotated_files are for programs;"
                            + " what a Java class prints and logs is the application's, send_logs_as sends it on"));
        }
    }

    /** Anything else is a process of its own anyway. */
    private static boolean isJava(GraphNode node) {
        for (GraphOperator operator : node.operators()) {
            if (!(operator.source() instanceof Source.ClassSource)
                    && !(operator.source() instanceof Source.SuppliedSource)
                    && !(operator.source() instanceof Source.SharedLibrarySource)) {
                return false;
            }
        }
        return true;
    }

    private void checkCores(GraphNode node) {
        Cores cores = Cores.ofThisMachine();
        List<Integer> missing = cores.missing(node.execution().cpuAffinity());
        if (!missing.isEmpty()) {
            error(
                    node.location(),
                    "node '" + node.id() + "': cpu_affinity names core " + missing.get(0)
                            + ", which this machine does not have: it has " + cores);
        } else if (isJava(node)) {
            CpuAffinity.obstacle()
                    .ifPresent(obstacle -> problems.add(Problem.warning(
                            node.location(),
                            "node '" + node.id() + "': cpu_affinity has no effect and the node runs on any core, for "
                                    + obstacle)));
        }
    }

    private void error(Location location, String message) {
        problems.add(Problem.error(location, message));
    }
}
