package io.millrace.local;

import io.millrace.Dataflow;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;

/** The local runtime keeps the whole contract, too, when the reactive nodes of every dataflow share two threads. */
class LocalWorkersContractTest extends LocalContractTest {

    @Override
    public RunningDataflow start(Dataflow dataflow, StartOptions options) {
        return super.start(dataflow, options.toBuilder().threads(2).build());
    }
}
