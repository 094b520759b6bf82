package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.SendResult;
import io.millrace.runtime.Publisher;

/** What a test tells a {@code Driver} to do. */
record Commands(Publisher publisher, Tap report) implements AutoCloseable {

    /** Has it done, and returns the answer. */
    String ask(String command) throws InterruptedException {
        tell(command);
        return report.nextText();
    }

    /** Has it done some time. */
    void tell(String command) throws InterruptedException {
        assertThat(publisher.send(command, Trial.DEADLINE)).as(command).isEqualTo(SendResult.ACCEPTED);
    }

    /** No more commands: the node ends. */
    @Override
    public void close() {
        publisher.close();
    }
}
