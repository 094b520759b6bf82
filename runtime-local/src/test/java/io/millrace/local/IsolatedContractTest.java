package io.millrace.local;

import io.millrace.Dataflow;
import io.millrace.contract.EventContract;
import io.millrace.contract.FailureContract;
import io.millrace.contract.OverflowContract;
import io.millrace.contract.PolicyContract;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import org.junit.jupiter.api.Nested;

/**
 * The contract is kept when each node runs in a JVM of its own, and neither thread nor process is left behind: the parts in which most of the rest shows. All others are in
 * {@link IsolatedContractAtLength}, which takes minutes.
 */
class IsolatedContractTest {

    @Nested
    class Policy extends PolicyContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Overflow extends OverflowContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Event extends EventContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Failure extends FailureContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }
}
