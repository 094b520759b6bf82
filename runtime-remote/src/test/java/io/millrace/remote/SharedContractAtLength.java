package io.millrace.remote;

import io.millrace.contract.ApplicationContract;
import io.millrace.contract.FailureContract;
import io.millrace.contract.OperatorContract;
import io.millrace.contract.PayloadContract;
import io.millrace.contract.RestartContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Topics that take longer than a build may; run by {@code runtime-remote/contract-at-length}. */
@EnabledOnOs(OS.LINUX)
class SharedContractAtLength extends SharedDataflows {
    @Nested
    class Application extends ApplicationContract {}

    @Nested
    class Failure extends FailureContract {}

    @Nested
    class Operator extends OperatorContract {}

    @Nested
    class Payload extends PayloadContract {}

    @Nested
    class Restart extends RestartContract {}
}
