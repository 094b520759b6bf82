package io.millrace.local.logs;

import io.millrace.local.code.LevelLogger;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.spi.LocationAwareLogger;
import org.slf4j.spi.LoggingEventAware;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A node's logger: leaves out what is below the node's lowest level, hands the rest to the application's logging, if that wants it, and sends it along the
 * dataflow, where somebody reads it. Any thread.
 */
@SuppressWarnings("serial") // its parent is Serializable; this one stays in its JVM
final class NodeLogger extends LevelLogger implements LoggingEventAware {
    /** In whose frames the caller is not to be looked for. */
    private static final String FRONT = AbstractLogger.class.getName();

    private final transient Logger logger;
    private final transient LogRoute route;

    NodeLogger(Logger logger, LogRoute route) {
        super(logger.getName());
        this.logger = logger;
        this.route = route;
    }

    @Override
    protected boolean isEnabled(Level level) {
        return route.passes(level) && (route.isWanted(level) || logger.isEnabledForLevel(level));
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        if (logger.isEnabledForLevel(level)) {
            handOn(level, marker, pattern, arguments, thrown);
        }
        send(level, pattern, arguments, List.of(), thrown);
    }

    /** What was put together with {@code atInfo()} and its like. */
    @Override
    public void log(LoggingEvent event) {
        Level level = event.getLevel();
        if (!isEnabled(level)) {
            return;
        }
        if (logger.isEnabledForLevel(level)) {
            if (logger instanceof LoggingEventAware aware) {
                aware.log(event);
            } else {
                handOn(level, null, withPairs(event), event.getArgumentArray(), event.getThrowable());
            }
        }
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        send(
                level,
                event.getMessage(),
                event.getArgumentArray(),
                pairs == null ? List.of() : pairs,
                event.getThrowable());
    }

    /** What a program has printed as a record of its own. */
    void log(PrintedRecord printed) {
        if (!isEnabled(printed.level())) {
            return;
        }
        if (logger.isEnabledForLevel(printed.level())) {
            printed.logTo(logger);
        }
        if (route.isWanted(printed.level())) {
            route.send(printed, name);
        }
    }

    private static String withPairs(LoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        return pairs == null
                ? event.getMessage()
                : pairs.stream().map(pair -> pair.key + "=" + pair.value + " ").collect(Collectors.joining())
                        + event.getMessage();
    }

    private void send(
            Level level,
            @Nullable String pattern,
            Object @Nullable [] arguments,
            List<KeyValuePair> pairs,
            @Nullable Throwable thrown) {
        if (route.isWanted(level)) {
            route.send(level, name, format(pattern, arguments), pairs, thrown);
        }
    }

    private void handOn(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        if (logger instanceof LocationAwareLogger aware) {
            aware.log(marker, FRONT, level.toInt(), pattern, arguments, thrown);
            return;
        }
        LoggingEventBuilder event = logger.atLevel(level).setMessage(pattern);
        if (marker != null) {
            event = event.addMarker(marker);
        }
        for (Object argument : arguments == null ? new Object[0] : arguments) {
            event = event.addArgument(argument);
        }
        (thrown == null ? event : event.setCause(thrown)).log();
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return FRONT;
    }
}
