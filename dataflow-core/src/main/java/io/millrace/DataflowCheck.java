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
        YamlOptions yaml = yamlOptions(options);
        return check(YamlDataflow.load(file, yaml), YamlDataflow.flowDir(file, yaml), options, situation);
    }

    static CheckResult text(String yaml, LoadOptions options) {
        YamlOptions asYaml = yamlOptions(options);
        return check(
                YamlDataflow.parse(yaml, TEXT_NAME, asYaml),
                YamlDataflow.flowDir(asYaml),
                options,
                ClientFacts.Situation.OWN_JVM);
    }

    private static YamlOptions yamlOptions(LoadOptions options) {
        return new YamlOptions(options.environment(), options.strictTypes(), options.directory(), options.forCluster());
    }

    private static CheckResult check(
            Assembly assembly, Path flowDir, LoadOptions options, ClientFacts.Situation situation) {
        Optional<Graph> graph = assembly.graph();
        List<Problem> problems = new ArrayList<>(assembly.problems());
        ClientFacts.Situation meant = options.forCluster() ? ClientFacts.Situation.CLUSTER : situation;
        problems.addAll(ClientPaths.check(
                graph.map(Graph::nodes)
                        .orElseGet(assembly::sound), // what is wrong with one node hides nothing of another
                flowDir,
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
