package io.millrace.remote.link;

import java.time.Duration;

/** How long a test waits for what must come: long on a loaded machine; shorter, in seconds, by a property while one looks for a fault. */
final class Patience {
    static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("millrace.test.patience", 60));

    private Patience() {}
}
