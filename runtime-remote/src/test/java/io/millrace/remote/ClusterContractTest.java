package io.millrace.remote;

import io.millrace.contract.ApplicationContract;
import io.millrace.contract.EventContract;
import io.millrace.contract.FailureContract;
import io.millrace.contract.FlowContract;
import io.millrace.contract.OperatorContract;
import io.millrace.contract.RestartContract;
import io.millrace.contract.StartContract;
import org.junit.jupiter.api.Nested;

/** A cluster keeps the contract of dataflow behaviour: the topics that are quick; the others are in {@link ClusterContractAtLength}. */
class ClusterContractTest extends SpreadDataflows {
    @Nested
    class Application extends ApplicationContract {}

    @Nested
    class Event extends EventContract {}

    @Nested
    class Failure extends FailureContract {}

    @Nested
    class Flow extends FlowContract {}

    @Nested
    class Operator extends OperatorContract {}

    @Nested
    class Restart extends RestartContract {}

    @Nested
    class Start extends StartContract {}
}
