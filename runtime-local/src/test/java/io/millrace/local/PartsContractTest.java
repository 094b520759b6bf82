package io.millrace.local;

import io.millrace.Dataflow;
import io.millrace.contract.WholeContract;
import io.millrace.local.run.JoinedParts;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import org.junit.jupiter.api.Tag;

/** Parts of a dataflow, joined in one JVM, keep the whole contract together: the nodes of each dataflow are dealt out to three of them. */
@Tag("slow")
class PartsContractTest extends WholeContract {

    @Override
    public RunningDataflow start(Dataflow dataflow, StartOptions options) {
        return JoinedParts.start(dataflow.graph(), options, 3);
    }

    @Override
    public boolean stopsAllAtOnce() {
        return false;
    }

    @Override
    public void assertNothingRemains() {
        LocalContractTest.assertNoThreadRemains();
    }
}
