package io.millrace.local;

import io.millrace.Dataflow;
import io.millrace.contract.CodecContract;
import io.millrace.contract.ContractRuntime;
import io.millrace.contract.FlowContract;
import io.millrace.contract.LogContract;
import io.millrace.contract.LoopContract;
import io.millrace.contract.OperatorContract;
import io.millrace.contract.PayloadContract;
import io.millrace.contract.RestartContract;
import io.millrace.contract.SilenceContract;
import io.millrace.contract.StopContract;
import io.millrace.contract.TimerContract;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The parts of the contract that are too long for each build with a JVM for each node: {@code -Dtest=IsolatedContractAtLength}. */
class IsolatedContractAtLength implements ContractRuntime {

    @Override
    public RunningDataflow start(Dataflow dataflow, StartOptions options) {
        return Isolated.start(dataflow, options);
    }

    @Override
    public void assertNothingRemains() {
        LocalContractTest.assertNoThreadRemains();
    }

    @Nested
    class Flow extends FlowContract {}

    @Nested
    class Loop extends LoopContract {}

    @Nested
    class Operator extends OperatorContract {}

    @Nested
    @ExtendWith(ExceptLeftBehind.class)
    class Stop extends StopContract {}

    @Nested
    class Restart extends RestartContract {}

    @Nested
    class Silence extends SilenceContract {}

    @Nested
    class Timer extends TimerContract {}

    @Nested
    class Codec extends CodecContract {}

    @Nested
    class Payload extends PayloadContract {}

    @Nested
    class Logs extends LogContract {}

    /** A node that heeds nothing cannot be left behind here: its process is killed, and so it has failed. */
    static final class ExceptLeftBehind implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            boolean differs = context.getTestMethod()
                    .map(Method::getName)
                    .filter("shouldAbandonNodeByNameWhenItHeedsNothing"::equals)
                    .isPresent();
            return differs
                    ? ConditionEvaluationResult.disabled("a process is killed, where a thread is left behind")
                    : ConditionEvaluationResult.enabled("the same in any process");
        }
    }
}
