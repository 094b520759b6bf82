package io.millrace.local;

import io.millrace.Dataflow;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import org.junit.jupiter.api.Tag;

/** The local runtime keeps the whole contract, too, when the reactive nodes of every dataflow share two threads. */
@Tag("slow")
class LocalWorkersContractTest extends LocalContractTest {

    @Override
    public RunningDataflow start(Dataflow dataflow, StartOptions options) {
        return super.start(dataflow, options.toBuilder().threads(2).build());
    }
}
