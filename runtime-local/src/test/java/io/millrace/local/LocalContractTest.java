package io.millrace.local;

import io.millrace.Dataflow;
import io.millrace.contract.ApplicationContract;
import io.millrace.contract.CodecContract;
import io.millrace.contract.ContractRuntime;
import io.millrace.contract.EventContract;
import io.millrace.contract.FailureContract;
import io.millrace.contract.FlowContract;
import io.millrace.contract.HealthContract;
import io.millrace.contract.LogContract;
import io.millrace.contract.LoopContract;
import io.millrace.contract.MetricsContract;
import io.millrace.contract.OperatorContract;
import io.millrace.contract.OverflowContract;
import io.millrace.contract.PayloadContract;
import io.millrace.contract.PolicyContract;
import io.millrace.contract.RestartContract;
import io.millrace.contract.ScaleContract;
import io.millrace.contract.SilenceContract;
import io.millrace.contract.StartContract;
import io.millrace.contract.StatusContract;
import io.millrace.contract.StopContract;
import io.millrace.contract.TapContract;
import io.millrace.contract.ThreadContract;
import io.millrace.contract.TimerContract;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;

/** The local runtime keeps the contract of dataflow behaviour, and leaves no thread behind. */
class LocalContractTest implements ContractRuntime {

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

    @Nested
    class Flow extends FlowContract {}

    @Nested
    class Payload extends PayloadContract {}

    @Nested
    class Policy extends PolicyContract {}

    @Nested
    class Overflow extends OverflowContract {}

    @Nested
    class Loop extends LoopContract {}

    @Nested
    class Event extends EventContract {}

    @Nested
    class Start extends StartContract {}

    @Nested
    class Stop extends StopContract {}

    @Nested
    class Failure extends FailureContract {}

    @Nested
    class Timer extends TimerContract {}

    @Nested
    class Operator extends OperatorContract {}

    @Nested
    class Application extends ApplicationContract {}

    @Nested
    class Status extends StatusContract {}

    @Nested
    class Restart extends RestartContract {}

    @Nested
    class Health extends HealthContract {}

    @Nested
    class Silence extends SilenceContract {}

    @Nested
    class Scale extends ScaleContract {}

    @Nested
    class Codec extends CodecContract {}

    @Nested
    class Metrics extends MetricsContract {}

    @Nested
    class Logs extends LogContract {}

    @Nested
    class Taps extends TapContract {}

    @Nested
    class Threads extends ThreadContract {}
}
