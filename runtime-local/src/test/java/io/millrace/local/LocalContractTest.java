package io.millrace.local;

import io.millrace.Dataflow;
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
class LocalContractTest {

    RunningDataflow startHere(Dataflow dataflow, StartOptions options) {
        return dataflow.start(options.toBuilder().runtime("local").build());
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
    class Flow extends FlowContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Payload extends PayloadContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Policy extends PolicyContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Overflow extends OverflowContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Loop extends LoopContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Event extends EventContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Start extends StartContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Stop extends StopContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Failure extends FailureContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Timer extends TimerContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Operator extends OperatorContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Application extends ApplicationContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Status extends StatusContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Restart extends RestartContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Health extends HealthContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Silence extends SilenceContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Scale extends ScaleContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Codec extends CodecContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Metrics extends MetricsContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Logs extends LogContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Taps extends TapContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }

    @Nested
    class Threads extends ThreadContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return startHere(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            assertNoThreadRemains();
        }
    }
}
