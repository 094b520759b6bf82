package io.millrace.yaml;

import java.util.Optional;

/** What the value of a key must be, and how it is read. */
interface ValueType<T> {

    /** The end of a sentence that begins with "expected". */
    String expected();

    /**
     * Reads a value that is not null.
     *
     * @param what the key, for messages
     * @return the value, or empty if it was reported why there is none
     */
    Optional<T> read(String what, Written value, Reading reading);
}
