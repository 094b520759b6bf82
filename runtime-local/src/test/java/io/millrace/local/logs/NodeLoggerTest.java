package io.millrace.local.logs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.testkit.ManualClock;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MarkerFactory;

class NodeLoggerTest {
    private final Logger application = (Logger) LoggerFactory.getLogger("millrace.flow.node-logger-test");
    private final ListAppender<ILoggingEvent> heard = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            assertThat(event.getCallerData()).isNotEmpty(); // is looked for on the stack of now
            super.append(event);
        }
    };
    private final ManualClock clock = new ManualClock();
    private final LogSink sink = new LogSink("logs", "node/logs", clock);

    @BeforeEach
    void listen() {
        heard.start();
        application.addAppender(heard);
        application.setAdditive(false);
        application.setLevel(Level.INFO);
    }

    @AfterEach
    void stopListening() {
        application.detachAppender(heard);
        application.setLevel(null);
    }

    private NodeLogger logger(String minLevel, int... wanted) {
        LogRoute route = new LogRoute("flow", "node", "node", Optional.of(minLevel), clock, null);
        for (int level : wanted) {
            route.add(sink, level);
        }
        return new NodeLogger(application, route);
    }

    @Test
    void shouldHandOnWithMarkerArgumentsCauseAndCallerWhenTheApplicationWantsIt() {
        NodeLogger logger = logger("trace");
        IllegalStateException cause = new IllegalStateException("no");

        logger.warn(MarkerFactory.getMarker("MARK"), "{} and {}", 1, 2, cause);
        logger.atError().addKeyValue("key", "value").log("fluent");

        assertThat(heard.list).hasSize(2);
        ILoggingEvent first = heard.list.get(0);
        assertThat(first.getFormattedMessage()).isEqualTo("1 and 2");
        assertThat(first.getMarkerList()).containsExactly(MarkerFactory.getMarker("MARK"));
        assertThat(first.getThrowableProxy().getMessage()).isEqualTo("no");
        assertThat(first.getCallerData()[0].getClassName()).isEqualTo(NodeLoggerTest.class.getName());
        assertThat(heard.list.get(1).getFormattedMessage()).isEqualTo("fluent");
        assertThat(heard.list.get(1).getKeyValuePairs().get(0).value).isEqualTo("value");
        assertThat(heard.list.get(1).getCallerData()[0].getClassName()).isEqualTo(NodeLoggerTest.class.getName());
    }

    @Test
    void shouldLeaveOutWhatIsBelowTheLowestLevel() {
        NodeLogger logger = logger("warn", 0);

        logger.info("unheard");
        logger.warn("heard");

        assertThat(logger.isInfoEnabled()).isFalse();
        assertThat(logger.isWarnEnabled()).isTrue();
        assertThat(heard.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("heard");
        assertThat(sink.port().sent()).isEqualTo(1);
    }

    @Test
    void shouldSendWhatIsWantedWhateverTheApplicationWants() {
        NodeLogger logger = logger("trace", 10);

        logger.trace("nobody wants this");
        logger.debug("only the sink wants {}", "this");
        logger.info("both want this");

        assertThat(logger.isTraceEnabled()).isFalse();
        assertThat(logger.isDebugEnabled()).isTrue();
        assertThat(heard.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("both want this");
        assertThat(sink.port().sent()).isEqualTo(2);
    }

    @Test
    void shouldSendNothingWhenTheDataflowIsOver() {
        NodeLogger logger = logger("trace", 0);
        sink.close();

        logger.info("too late");

        assertThat(heard.list).hasSize(1);
    }
}
