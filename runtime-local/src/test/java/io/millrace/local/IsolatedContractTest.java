package io.millrace.local;

import io.millrace.Dataflow;
import io.millrace.contract.ContractRuntime;
import io.millrace.contract.EventContract;
import io.millrace.contract.FailureContract;
import io.millrace.contract.OverflowContract;
import io.millrace.contract.PolicyContract;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * The contract is kept when each node runs in a JVM of its own, and neither thread nor process is left behind: the parts in which most of the rest shows. All others are in
 * {@link IsolatedContractAtLength}, which takes minutes.
 */
@Tag("slow")
class IsolatedContractTest implements ContractRuntime {

    @Override
    public RunningDataflow start(Dataflow dataflow, StartOptions options) {
        return Isolated.start(dataflow, options);
    }

    @Override
    public void assertNothingRemains() {
        LocalContractTest.assertNoThreadRemains();
    }

    @Nested
    class Policy extends PolicyContract {}

    @Nested
    class Overflow extends OverflowContract {}

    @Nested
    class Event extends EventContract {}

    @Nested
    class Failure extends FailureContract {}
}
