package io.millrace.remote.master;

import io.millrace.remote.state.Outcome;

/** What became of something that was to be decided. */
sealed interface Verdict {
    /** It stands in the log, and this is what the state made of it: perhaps a refusal. */
    record Decided(Outcome outcome) implements Verdict {}

    /** Another master leads. */
    record NotLeading() implements Verdict {}

    /** @param reason why it was not decided, or why that is not known */
    record Undecided(String reason) implements Verdict {}

    /** It can never be decided: it is too large. */
    record TooLarge(String reason) implements Verdict {}
}
