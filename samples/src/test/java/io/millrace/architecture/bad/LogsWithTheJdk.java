package io.millrace.architecture.bad;

import java.util.logging.Logger;

/** Goes past slf4j, twice. */
public final class LogsWithTheJdk {
    Logger first() {
        return Logger.getLogger("bad");
    }

    System.Logger second() {
        return System.getLogger("bad");
    }
}
