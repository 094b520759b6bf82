package io.millrace.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class that leaves a master, an executor or a client open: it would disturb those that follow in this JVM. JUnit finds it by itself. */
public final class NothingLeftOpen implements AfterAllCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getRequiredTestClass().getEnclosingClass() == null) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(threads()).isEmpty());
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("millrace-net-"))
                .toList();
    }
}
