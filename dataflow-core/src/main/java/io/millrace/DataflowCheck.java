package io.millrace;

import io.millrace.files.ClientPaths;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphAssembler.Assembly;
import io.millrace.graph.Problem;
import io.millrace.graph.ProblemCollector;
import io.millrace.workdir.ClientFacts;
import io.millrace.yaml.YamlDataflow;
import io.millrace.yaml.YamlOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads a dataflow and applies every check that needs no executor. */
final class DataflowCheck {
    private static final String TEXT_NAME = "dataflow.yml";

    private DataflowCheck() {}

    static CheckResult file(Path file, LoadOptions options, ClientFacts.Situation situation) {
        YamlOptions yaml = yamlOptions(options);
        ProblemCollector problems = new ProblemCollector();
        Assembly assembly = YamlDataflow.load(file, yaml, problems);
        return check(assembly, YamlDataflow.flowDir(file, yaml), options, situation, problems);
    }

    static CheckResult text(String yaml, LoadOptions options) {
        YamlOptions asYaml = yamlOptions(options);
        ProblemCollector problems = new ProblemCollector();
        Assembly assembly = YamlDataflow.parse(yaml, TEXT_NAME, asYaml, problems);
        return check(assembly, YamlDataflow.flowDir(asYaml), options, ClientFacts.Situation.OWN_JVM, problems);
    }

    private static YamlOptions yamlOptions(LoadOptions options) {
        return new YamlOptions(options.environment(), options.strictTypes(), options.directory(), options.forCluster());
    }

    private static CheckResult check(
            Assembly assembly,
            Path flowDir,
            LoadOptions options,
            ClientFacts.Situation situation,
            ProblemCollector problems) {
        Optional<Graph> graph = assembly.graph();
        ClientFacts.Situation meant = options.forCluster() ? ClientFacts.Situation.CLUSTER : situation;
        ClientPaths.check(
                graph.map(Graph::nodes)
                        .orElseGet(assembly::sound), // what is wrong with one node hides nothing of another
                flowDir,
                meant,
                options.requireWorkingDir(),
                options.checkPaths(),
                problems);
        List<Problem> found = problems.problems();
        return new CheckResult(
                problems.hasErrors() ? Optional.empty() : Optional.of(new Dataflow(graph.orElseThrow(), found)), found);
    }
}
