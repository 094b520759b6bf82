package io.millrace.remote;

import io.millrace.contract.EventContract;
import io.millrace.contract.FlowContract;
import io.millrace.contract.PolicyContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A cluster whose executors share memory keeps the contract of dataflow behaviour; other topics are in {@link SharedContractAtLength}. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class SharedContractTest extends SharedDataflows {
    @Nested
    class Event extends EventContract {}

    @Nested
    class Flow extends FlowContract {}

    @Nested
    class Policy extends PolicyContract {}
}
