package io.millrace.local.isolated;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** The logger of a node in its own JVM: hands each record to the logger that the node has in the dataflow's. Any thread. */
@SuppressWarnings("serial") // its parent is Serializable; this one stays in its JVM
final class RemoteLogger extends LegacyAbstractLogger {
    private final transient Records records;
    private final int slot;
    private final int lowest;

    /** @param lowest what is lower nobody there would take */
    RemoteLogger(String name, Level lowest, int slot, Records records) {
        this.name = name;
        this.lowest = lowest.toInt();
        this.slot = slot;
        this.records = records;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        String message = MessageFormatter.basicArrayFormat(pattern, arguments == null ? new Object[0] : arguments);
        records.log(
                slot,
                level,
                message == null ? "null" : message,
                Optional.ofNullable(thrown).map(Thrown::of));
    }

    private boolean isEnabled(Level level) {
        return level.toInt() >= lowest;
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return RemoteLogger.class.getName();
    }

    @Override
    public boolean isTraceEnabled() {
        return isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return isEnabled(Level.ERROR);
    }
}
