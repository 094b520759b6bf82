package io.millrace.remote;

import io.millrace.contract.ApplicationContract;
import io.millrace.contract.EventContract;
import io.millrace.contract.FailureContract;
import io.millrace.contract.FlowContract;
import io.millrace.contract.OperatorContract;
import io.millrace.contract.PayloadContract;
import io.millrace.contract.RestartContract;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose executors share memory keeps the contract of dataflow behaviour. */
@EnabledOnOs(OS.LINUX)
class SharedContractTest extends SpreadDataflows {
    @BeforeAll
    static void begin(@TempDir Path directory) throws Exception {
        cluster = SmallCluster.withSharedMemory(directory, "a", "b");
    }

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
    class Payload extends PayloadContract {}

    @Nested
    class Restart extends RestartContract {}
}
