package io.millrace.local.plan;

import io.millrace.local.process.ChildCommand;
import java.util.Optional;

/**
 * What is started for a node that is a process, found fit to be.
 *
 * @param command without what is known only when it starts; empty for a program that somebody starts by hand
 */
public record Program(Kind kind, Optional<ChildCommand> command) {

    /** Which side of the protocol it speaks. */
    public enum Kind {
        /** A program against dora's node library. */
        NODE,
        /** dora's own runtime, which runs an operator. */
        OPERATOR,
        /** A program against dora's node library that somebody else starts. */
        BY_HAND
    }

    static Program of(Kind kind, ChildCommand command) {
        return new Program(kind, Optional.of(command));
    }

    static Program startedByHand() {
        return new Program(Kind.BY_HAND, Optional.empty());
    }

    public boolean isStartedByHand() {
        return kind == Kind.BY_HAND;
    }
}
