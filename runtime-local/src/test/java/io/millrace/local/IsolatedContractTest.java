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
import io.millrace.contract.SilenceContract;
import io.millrace.contract.StartContract;
import io.millrace.contract.StatusContract;
import io.millrace.contract.StopContract;
import io.millrace.contract.TapContract;
import io.millrace.contract.ThreadContract;
import io.millrace.contract.TimerContract;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import org.junit.jupiter.api.Nested;

/** The local runtime keeps the contract when each node runs in a JVM of its own, and leaves neither thread nor process behind. */
class IsolatedContractTest {

    @Nested
    class Flow extends FlowContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Payload extends PayloadContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Policy extends PolicyContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Overflow extends OverflowContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Loop extends LoopContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Event extends EventContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Failure extends FailureContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Stop extends StopContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Operator extends OperatorContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Timer extends TimerContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Restart extends RestartContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Silence extends SilenceContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Codec extends CodecContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Logs extends LogContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Start extends StartContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Taps extends TapContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Status extends StatusContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Metrics extends MetricsContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Health extends HealthContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Application extends ApplicationContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }

    @Nested
    class Threads extends ThreadContract {
        @Override
        protected RunningDataflow start(Dataflow dataflow, StartOptions options) {
            return Isolated.start(dataflow, options);
        }

        @Override
        protected void assertNothingRemains() {
            LocalContractTest.assertNoThreadRemains();
        }
    }
}
