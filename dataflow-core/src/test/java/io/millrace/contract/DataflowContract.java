package io.millrace.contract;

import io.millrace.Dataflow;
import io.millrace.runtime.DataflowStatus.NodeStatus;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstances;

/** What the topics of the contract share: how a dataflow is started, and that none outlives its test. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
@ExtendWith(DataflowContract.FromEnclosing.class)
public abstract class DataflowContract {
    /** Short, for what a test leaves running need not end in order. */
    static final StartOptions OPTIONS = StartOptions.builder()
            .closeGrace(Duration.ofMillis(100))
            .keepAlive(false)
            .build();

    private final List<Trial> trials = new ArrayList<>();

    private ContractRuntime runtime = (dataflow, options) -> {
        throw new IllegalStateException("no enclosing test class is a " + ContractRuntime.class.getName());
    };

    /** Finds the runtime around the topic. */
    static final class FromEnclosing implements BeforeEachCallback {
        @Override
        public void beforeEach(ExtensionContext context) {
            TestInstances instances = context.getRequiredTestInstances();
            instances
                    .findInstance(DataflowContract.class)
                    .ifPresent(topic -> topic.runtime =
                            instances.findInstance(ContractRuntime.class).orElse(topic.runtime));
        }
    }

    /** For who closes it by himself. */
    final RunningDataflow start(Dataflow dataflow, StartOptions options) {
        return runtime.start(dataflow, options);
    }

    /** How a node may end whose inputs end because the dataflow is told to stop. */
    final Set<NodeState> endsOfReadersWhenStopped() {
        return runtime.stopsAllAtOnce()
                ? EnumSet.of(NodeState.STOPPED)
                : EnumSet.of(NodeState.STOPPED, NodeState.FINISHED);
    }

    /** How many messages are many, here. */
    final long many() {
        return runtime.many();
    }

    /** Starts a dataflow whose classes are named without their package, which is that of the contract's nodes. */
    final Trial run(String yaml) {
        return run(parse(yaml), OPTIONS);
    }

    final Trial run(Dataflow dataflow, StartOptions options) {
        Trial trial = new Trial(start(dataflow, options));
        trials.add(trial);
        return trial;
    }

    static Dataflow parse(String yaml) {
        return Dataflow.parse(yaml.replace("class: ", "class: io.millrace.contract.nodes."));
    }

    @AfterEach
    void closeAll() {
        trials.forEach(trial -> trial.running().close());
        boolean abandoned = trials.stream()
                .flatMap(trial -> trial.running().status().nodes().stream())
                .map(NodeStatus::state)
                .anyMatch(NodeState.ABANDONED::equals);
        if (!abandoned) {
            runtime.assertNothingRemains();
        }
    }
}
