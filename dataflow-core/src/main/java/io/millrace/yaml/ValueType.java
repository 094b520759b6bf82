package io.millrace.yaml;

import java.util.Optional;

/** What the value of a key must be, and how it is read. */
interface ValueType<T> {

    /** The end of a sentence that begins with "expected". */
    String expected();

    /** Whether the value may be of this type, where a mapping with other keys could stand in its place. */
    default boolean isShort(Written value) {
        return value.isScalar();
    }

    /**
     * Reads a value that is not null.
     *
     * @param what what messages call it
     * @return the value, or empty if it was reported why there is none
     */
    Optional<T> read(Place what, Written value, Reading reading);
}
