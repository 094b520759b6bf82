package io.millrace.remote;

import io.millrace.contract.ApplicationContract;
import io.millrace.contract.CodecContract;
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
import io.millrace.contract.SilenceContract;
import io.millrace.contract.StartContract;
import io.millrace.contract.StatusContract;
import io.millrace.contract.StopContract;
import io.millrace.contract.TapContract;
import io.millrace.contract.ThreadContract;
import io.millrace.contract.TimerContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** A cluster keeps the contract of dataflow behaviour; what takes longer than a build may is in {@link ClusterContractAtLength}. */
@Tag("slow")
class ClusterContractTest extends SpreadDataflows {
    @Nested
    class Application extends ApplicationContract {}

    @Nested
    class Codec extends CodecContract {}

    @Nested
    class Event extends EventContract {}

    @Nested
    class Failure extends FailureContract {}

    @Nested
    class Flow extends FlowContract {}

    @Nested
    class Health extends HealthContract {}

    @Nested
    class Logs extends LogContract {}

    @Nested
    class Loop extends LoopContract {}

    @Nested
    class Metrics extends MetricsContract {}

    @Nested
    class Operator extends OperatorContract {}

    @Nested
    class Overflow extends OverflowContract {}

    @Nested
    class Payload extends PayloadContract {}

    @Nested
    class Policy extends PolicyContract {}

    @Nested
    class Restart extends RestartContract {}

    @Nested
    class Silence extends SilenceContract {}

    @Nested
    class Start extends StartContract {}

    @Nested
    class Status extends StatusContract {}

    @Nested
    class Stop extends StopContract {}

    @Nested
    class Taps extends TapContract {}

    @Nested
    class Threads extends ThreadContract {}

    @Nested
    class Timer extends TimerContract {}
}
