package io.millrace;

import io.millrace.files.ClientPaths;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphAssembler.Assembly;
import io.millrace.graph.Problem;
import io.millrace.workdir.ClientFacts;
import io.millrace.yaml.YamlDataflow;
import io.millrace.yaml.YamlOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a dataflow and applies every check that needs no executor. */
final class DataflowCheck {
    private static final String TEXT_NAME = "dataflow.yml";

    private DataflowCheck() {}

    static CheckResult file(Path file, LoadOptions options, ClientFacts.Situation situation) {
        Path parent = file.toAbsolutePath().normalize().getParent();
        return check(
                YamlDataflow.load(file, yamlOptions(options)),
                directory(options, parent == null ? Path.of("") : parent),
                options,
                situation);
    }

    static CheckResult text(String yaml, LoadOptions options) {
        return check(
                YamlDataflow.parse(yaml, TEXT_NAME, yamlOptions(options)),
                directory(options, Path.of("")),
                options,
                ClientFacts.Situation.OWN_JVM);
    }

    /** The flow dir of what could not be put together. */
    private static Path directory(LoadOptions options, Path otherwise) {
        return options.directory().orElse(otherwise).toAbsolutePath().normalize();
    }

    private static YamlOptions yamlOptions(LoadOptions options) {
        return new YamlOptions(options.environment(), options.strictTypes(), options.directory());
    }

    private static CheckResult check(
            Assembly assembly, Path directory, LoadOptions options, ClientFacts.Situation situation) {
        Optional<Graph> graph = assembly.graph();
        List<Problem> problems = new ArrayList<>(assembly.problems());
        ClientFacts.Situation meant = options.forCluster() ? ClientFacts.Situation.CLUSTER : situation;
        problems.addAll(ClientPaths.check(
                graph.map(Graph::nodes)
                        .orElseGet(assembly::sound), // what is wrong with one node hides nothing of another
                graph.map(Graph::directory).orElse(directory),
                meant,
                options.requireWorkingDir(),
                options.checkPaths()));
        problems.sort(Problem.BY_LOCATION);
        boolean isValid = graph.isPresent();
        for (Problem problem : problems) {
            isValid &= !problem.isError();
        }
        return new CheckResult(
                isValid ? Optional.of(new Dataflow(graph.orElseThrow(), problems)) : Optional.empty(), problems);
    }
}
