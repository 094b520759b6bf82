package io.millrace.local;

import io.millrace.Dataflow;
import io.millrace.contract.ApplicationContract;
import io.millrace.contract.CodecContract;
import io.millrace.contract.ContractRuntime;
import io.millrace.contract.EventContract;
import io.millrace.contract.FailureContract;
import io.millrace.contract.FlowContract;
import io.millrace.contract.LoopContract;
import io.millrace.contract.OperatorContract;
import io.millrace.contract.OverflowContract;
import io.millrace.contract.PayloadContract;
import io.millrace.contract.PolicyContract;
import io.millrace.contract.RealTime;
import io.millrace.contract.StartContract;
import io.millrace.contract.StatusContract;
import io.millrace.contract.StopContract;
import io.millrace.contract.TimerContract;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What flows where, and in which order, is the same when nodes take turns. Left out are the topics of the contract that are about real time and threads, and of the others what
 * is marked {@link RealTime}: here there is one thread and one clock.
 */
@Tag("slow")
@ExtendWith(DeterministicContractTest.WithoutRealTime.class)
class DeterministicContractTest implements ContractRuntime {

    @Override
    public RunningDataflow start(Dataflow dataflow, StartOptions options) {
        return dataflow.start(
                options.toBuilder().runtime("deterministic").seed(20261122).build());
    }

    static final class WithoutRealTime implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return AnnotationSupport.findAnnotation(context.getElement(), RealTime.class)
                    .map(found -> ConditionEvaluationResult.disabled("about real time: " + found.value()))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("not about real time"));
        }
    }

    @Nested
    class Flow extends FlowContract {}

    @Nested
    class Policy extends PolicyContract {}

    @Nested
    class Overflow extends OverflowContract {}

    @Nested
    class Loop extends LoopContract {}

    @Nested
    class Operator extends OperatorContract {}

    @Nested
    class Codec extends CodecContract {}

    @Nested
    class Event extends EventContract {}

    @Nested
    class Status extends StatusContract {}

    @Nested
    class Start extends StartContract {}

    @Nested
    class Stop extends StopContract {}

    @Nested
    class Failure extends FailureContract {}

    @Nested
    class Timer extends TimerContract {}

    @Nested
    class Application extends ApplicationContract {}

    @Nested
    class Payload extends PayloadContract {}
}
