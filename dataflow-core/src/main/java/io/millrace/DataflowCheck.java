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
        return check(YamlDataflow.load(file, yamlOptions(options)), options, situation);
    }

    static CheckResult text(String yaml, LoadOptions options) {
        return check(YamlDataflow.parse(yaml, TEXT_NAME, yamlOptions(options)), options, ClientFacts.Situation.OWN_JVM);
    }

    private static YamlOptions yamlOptions(LoadOptions options) {
        return new YamlOptions(options.environment(), options.strictTypes(), options.directory());
    }

    private static CheckResult check(Assembly assembly, LoadOptions options, ClientFacts.Situation situation) {
        if (assembly.graph().isEmpty()) {
            return new CheckResult(Optional.empty(), assembly.problems());
        }
        Graph graph = assembly.graph().get();
        List<Problem> problems = new ArrayList<>(assembly.problems());
        ClientFacts.Situation meant = options.forCluster() ? ClientFacts.Situation.CLUSTER : situation;
        problems.addAll(ClientPaths.check(graph, meant, options.requireWorkingDir(), options.checkPaths()));
        problems.sort(Problem.BY_LOCATION);
        boolean isValid = true;
        for (Problem problem : problems) {
            isValid &= !problem.isError();
        }
        return new CheckResult(isValid ? Optional.of(new Dataflow(graph, problems)) : Optional.empty(), problems);
    }
}
