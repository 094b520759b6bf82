package io.millrace.local.plan;

import io.millrace.local.process.ChildCommand;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is started for a node that is a process, found fit to be.
 *
 * @param command without what is known only when it starts; empty for a program that somebody starts by hand
 * @param script the file of an operator, absolute; empty for all else
 */
public record Program(Kind kind, Optional<ChildCommand> command, Optional<Path> script) {

    /** Which side of the protocol it speaks. */
    public enum Kind {
        /** A program against dora's node library. */
        NODE,
        /** dora's own runtime, which runs an operator. */
        OPERATOR,
        /** A program against dora's node library that somebody else starts. */
        BY_HAND
    }

    static Program node(ChildCommand command) {
        return new Program(Kind.NODE, Optional.of(command), Optional.empty());
    }

    static Program operator(ChildCommand command, Path script) {
        return new Program(Kind.OPERATOR, Optional.of(command), Optional.of(script));
    }

    static Program startedByHand() {
        return new Program(Kind.BY_HAND, Optional.empty(), Optional.empty());
    }

    public boolean isStartedByHand() {
        return kind == Kind.BY_HAND;
    }
}
