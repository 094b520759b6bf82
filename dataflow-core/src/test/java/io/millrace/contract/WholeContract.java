package io.millrace.contract;

import org.junit.jupiter.api.Nested;

/** Every topic of the contract: for a runtime that is to keep the whole of it. A new topic is added here. */
public abstract class WholeContract implements ContractRuntime {

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
