package io.millrace.local.isolated;

import io.millrace.local.code.LevelLogger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;

/** The logger of a node in its own JVM: hands each record to the logger that the node has in the dataflow's. Any thread. */
@SuppressWarnings("serial") // its parent is Serializable; this one stays in its JVM
final class RemoteLogger extends LevelLogger {
    private final transient Records records;
    private final int slot;
    private final int lowest;

    /** @param lowest what is lower nobody there would take */
    RemoteLogger(String name, Level lowest, int slot, Records records) {
        super(name);
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
        records.log(
                slot,
                level,
                format(pattern, arguments),
                Optional.ofNullable(thrown).map(Thrown::of));
    }

    @Override
    protected boolean isEnabled(Level level) {
        return level.toInt() >= lowest;
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return RemoteLogger.class.getName();
    }
}
