package io.millrace.remote.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Until when a command looks on: Ctrl-C ends that, and is no failure. A second one ends the process at once. Any thread. */
final class Looking implements AutoCloseable {
    private final CountDownLatch over = new CountDownLatch(1);
    private final StopSignals signals = StopSignals.listen(
            signal -> over.countDown(), signal -> Runtime.getRuntime().halt(ExitCode.SIGNAL + signal));

    /** There is nothing more to see. */
    void end() {
        over.countDown();
    }

    /** Waits for its end. @return whether it came before the time had passed */
    boolean awaitEnd(long millis) throws InterruptedException {
        return over.await(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        signals.close();
    }
}
