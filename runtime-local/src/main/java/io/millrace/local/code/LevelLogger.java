package io.millrace.local.code;

import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger for which markers make no difference to what is enabled. */
@SuppressWarnings("serial") // its parent is Serializable; what extends this stays in its JVM
public abstract class LevelLogger extends LegacyAbstractLogger {
    protected LevelLogger(String name) {
        this.name = name;
    }

    protected abstract boolean isEnabled(Level level);

    /** The pattern with its arguments filled in. */
    protected static String format(@Nullable String pattern, Object @Nullable [] arguments) {
        String message = MessageFormatter.basicArrayFormat(pattern, arguments == null ? new Object[0] : arguments);
        return message == null ? "null" : message;
    }

    @Override
    public final boolean isTraceEnabled() {
        return isEnabled(Level.TRACE);
    }

    @Override
    public final boolean isDebugEnabled() {
        return isEnabled(Level.DEBUG);
    }

    @Override
    public final boolean isInfoEnabled() {
        return isEnabled(Level.INFO);
    }

    @Override
    public final boolean isWarnEnabled() {
        return isEnabled(Level.WARN);
    }

    @Override
    public final boolean isErrorEnabled() {
        return isEnabled(Level.ERROR);
    }
}
