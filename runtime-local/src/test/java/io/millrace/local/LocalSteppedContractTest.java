package io.millrace.local;

import io.millrace.Dataflow;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;

/** X. */
class LocalSteppedContractTest extends LocalContractTest {

    @Override
    RunningDataflow startHere(Dataflow dataflow, StartOptions options) {
        return dataflow.start(options.toBuilder().runtime("deterministic").seed(1).build());
    }
}
