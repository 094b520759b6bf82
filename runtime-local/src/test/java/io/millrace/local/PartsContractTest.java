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
import io.millrace.local.run.JoinedParts;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import org.junit.jupiter.api.Nested;

/** Parts of a dataflow, joined in one JVM, keep the whole contract together: the nodes of each dataflow are dealt out to three of them. */
class PartsContractTest implements ContractRuntime {

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
