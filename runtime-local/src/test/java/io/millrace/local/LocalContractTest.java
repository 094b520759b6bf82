package io.millrace.local;

import io.millrace.Dataflow;
import io.millrace.contract.WholeContract;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** The local runtime keeps the contract of dataflow behaviour, and leaves no thread behind. */
class LocalContractTest extends WholeContract {

    @Override
    public RunningDataflow start(Dataflow dataflow, StartOptions options) {
        return dataflow.start(options.toBuilder().runtime("local").build());
    }

    @Override
    public void assertNothingRemains() {
        assertNoThreadRemains();
    }

    static void assertNoThreadRemains() {
        Awaitility.await("no thread of a dataflow remains")
                .atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .until(LocalContractTest::threadsOfDataflows, List::isEmpty);
    }

    /** Not those of nodes that were left behind on purpose: these are named after what they do. */
    private static List<String> threadsOfDataflows() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("millrace-") && !name.endsWith("-busy"))
                .toList();
    }
}
