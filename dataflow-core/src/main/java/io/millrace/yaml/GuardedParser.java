package io.millrace.yaml;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;

/**
 * Hands on what a parser finds, as long as it stays within bounds: so a hostile text is refused before anything is built of it, and
 * the recursion of the composer that reads from here is bounded too.
 */
final class GuardedParser implements Parser {
    /** The deepest nesting of lists and mappings. */
    static final int MAX_DEPTH = 64;

    /** How many values, keys and ends of collections a text may have. */
    static final int MAX_EVENTS = 200_000;

    private static final Set<String> HARMLESS_TAGS =
            Set.of("!", Tag.STR.getValue(), Tag.SEQ.getValue(), Tag.MAP.getValue());

    private final Parser parser;
    private int depth;
    private int events;

    GuardedParser(Parser parser) {
        this.parser = parser;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public Event getEvent() {
        Event event = parser.getEvent();
        if (++events > MAX_EVENTS) {
            throw new LimitException("more than " + MAX_EVENTS + " values: a dataflow file has fewer", event);
        }
        if (event instanceof CollectionStartEvent start) {
            enter(start);
        } else if (event instanceof CollectionEndEvent) {
            depth--;
        } else if (event instanceof ScalarEvent scalar) {
            check(scalar);
        }
        return event;
    }

    private void enter(CollectionStartEvent start) {
        refuseTag(start.getTag(), start);
        if (++depth > MAX_DEPTH) {
            throw new LimitException("nested deeper than " + MAX_DEPTH + " levels", start);
        }
    }

    private static void check(ScalarEvent scalar) {
        refuseTag(scalar.getTag(), scalar);
        if (scalar.getValue().indexOf('\0') >= 0) {
            throw new LimitException("the text contains a NUL character: remove it", scalar);
        }
    }

    private static void refuseTag(@Nullable String tag, Event event) {
        if (tag != null && !HARMLESS_TAGS.contains(tag)) {
            throw new LimitException("the tag '" + tag + "' is refused: a dataflow file needs no tags", event);
        }
    }

    /** What a text has too much of, and where. */
    static final class LimitException extends MarkedYAMLException {
        private static final long serialVersionUID = 1L;

        private LimitException(String problem, Event event) {
            super(null, null, problem, mark(event));
        }

        private static Mark mark(Event event) {
            return event.getStartMark();
        }
    }
}
