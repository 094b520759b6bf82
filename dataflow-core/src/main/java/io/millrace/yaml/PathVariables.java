package io.millrace.yaml;

import io.millrace.graph.ClientExpansion;
import io.millrace.graph.Deployment.Distribution;
import io.millrace.workdir.Variables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose variables the paths of one node name: the client's where the node is local, else its executor's. On a cluster that is open where {@code local} is not written; then a
 * path stays as it is, and what the client makes of it goes beside it. The files of a shipped node are the client's in any case.
 */
final class PathVariables {
    private static final int MAX_FAULTS = 8;

    private final Optional<Boolean> local; // empty if it is open
    private final boolean isShipped;
    private final Map<EnvironmentText, Optional<String>> known;
    private final Reading reading;
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final List<ClientExpansion.Fault> faults = new ArrayList<>();

    /**
     * @param deploy with the defaults merged in
     * @param known what was expanded for other nodes: a default is expanded once, and what is wrong with it said once
     */
    PathVariables(Fields deploy, boolean forCluster, Map<EnvironmentText, Optional<String>> known, Reading reading) {
        this.local = deploy.get(DataflowSchema.LOCAL).or(() -> forCluster ? Optional.empty() : Optional.of(true));
        this.isShipped = deploy.get(DataflowSchema.DISTRIBUTE, Distribution.LOCAL) == Distribution.SHIP;
        this.known = known;
        this.reading = reading;
    }

    /** The text for the graph; empty if it was reported why there is none. */
    Optional<String> path(String what, EnvironmentText written) {
        return isShipped || isLocal() ? written.expandPath(Place.of(what), reading) : left(what, written);
    }

    /** As {@link #path}. */
    Optional<String> workingDir(EnvironmentText written) {
        return isLocal()
                ? known.computeIfAbsent(written, text -> text.expandPath(Place.of("working_dir"), reading))
                : left("working_dir", written);
    }

    private boolean isLocal() {
        return local.orElse(false);
    }

    /** As it is written. */
    private Optional<String> left(String what, EnvironmentText written) {
        if (local.isEmpty() && written.text().indexOf('$') >= 0) {
            expandBeside(what, written);
        }
        return Optional.of(written.text());
    }

    private void expandBeside(String what, EnvironmentText written) {
        Variables variables = Variables.expandPath(written.text(), reading.environment());
        variables
                .expanded()
                .filter(expanded -> reading.admits(expanded, written.location()))
                .ifPresent(expanded -> texts.put(written.text(), expanded));
        variables.faults().stream()
                .limit(MAX_FAULTS - faults.size())
                .map(fault -> new ClientExpansion.Fault(written.location(), "'" + what + "': " + fault))
                .forEach(faults::add);
    }

    /** Of the paths so far. */
    ClientExpansion ofClient() {
        return new ClientExpansion(texts, faults);
    }
}
