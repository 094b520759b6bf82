package io.millrace.remote.link;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** What is logged during a test, from INFO on; one line each. */
public final class LogLines extends AppenderBase<ILoggingEvent> implements BeforeEachCallback, AfterEachCallback {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;

    public LogLines(String logger) {
        this.logger = (Logger) LoggerFactory.getLogger(logger);
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        start();
        logger.addAppender(this);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        logger.detachAppender(this);
        stop();
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
            lines.add(event.getFormattedMessage());
        }
    }

    public List<String> lines() {
        return lines;
    }

    public void awaitOne(String pattern) {
        await().atMost(Patience.PATIENCE)
                .failFast("more than one line '" + pattern + "' of " + lines, () -> count(pattern) > 1)
                .until(() -> count(pattern) == 1);
    }

    public long count(String pattern) {
        return lines.stream().filter(line -> line.matches(pattern)).count();
    }
}
