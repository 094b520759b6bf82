package io.millrace.local;

import io.millrace.Dataflow;
import io.millrace.contract.CodecContract;
import io.millrace.contract.FlowContract;
import io.millrace.contract.LoopContract;
import io.millrace.contract.OperatorContract;
import io.millrace.contract.OverflowContract;
import io.millrace.contract.PolicyContract;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import org.junit.jupiter.api.Nested;

/**
 * What flows where, and in which order, is the same when nodes take turns. Left out are the parts of the contract that are about real time, and about nodes that
 * wait for other threads in a callback: here there is one thread and one clock.
 */
class DeterministicContractTest {

    private static RunningDataflow startHere(Dataflow dataflow, StartOptions options) {
        return dataflow.start(
                options.toBuilder().runtime("deterministic").seed(20261122).build());
    }

    @Nested
    class Flow extends FlowContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }
    }

    @Nested
    class Policy extends PolicyContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }
    }

    @Nested
    class Overflow extends OverflowContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }
    }

    @Nested
    class Loop extends LoopContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }
    }

    @Nested
    class Operator extends OperatorContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }
    }

    @Nested
    class Codec extends CodecContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }
    }
}
