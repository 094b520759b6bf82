package io.millrace.remote;

import io.millrace.contract.CodecContract;
import io.millrace.contract.HealthContract;
import io.millrace.contract.LogContract;
import io.millrace.contract.LoopContract;
import io.millrace.contract.MetricsContract;
import io.millrace.contract.OverflowContract;
import io.millrace.contract.PayloadContract;
import io.millrace.contract.PolicyContract;
import io.millrace.contract.ScaleContract;
import io.millrace.contract.SilenceContract;
import io.millrace.contract.StatusContract;
import io.millrace.contract.StopContract;
import io.millrace.contract.TapContract;
import io.millrace.contract.ThreadContract;
import io.millrace.contract.TimerContract;
import org.junit.jupiter.api.Nested;

/**
 * A cluster keeps the contract of dataflow behaviour: the topics that take minutes. Not part of the build; run by
 * {@code mvn -Pquick -pl runtime-remote -am -Dtest=ClusterContractAtLength -Dsurefire.failIfNoSpecifiedTests=false verify}.
 */
class ClusterContractAtLength extends SpreadDataflows {
    @Nested
    class Codec extends CodecContract {}

    @Nested
    class Health extends HealthContract {}

    @Nested
    class Logs extends LogContract {}

    @Nested
    class Loop extends LoopContract {}

    @Nested
    class Metrics extends MetricsContract {}

    @Nested
    class Overflow extends OverflowContract {}

    @Nested
    class Payload extends PayloadContract {}

    @Nested
    class Policy extends PolicyContract {}

    @Nested
    class Scale extends ScaleContract {}

    @Nested
    class Silence extends SilenceContract {}

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
