package io.millrace.remote.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * What every member of a log builds from its entries. The log calls it from one thread at a time, in order, and what one call
 * wrote the next one sees; whoever else reads its state takes care of that itself.
 *
 * <p>Given the same entries, every machine must come to the same state and to the same replies: no clock, no random numbers, no
 * order of a hash table. Whatever a method throws stops this member, with one line in its log; the other members go on.
 */
public interface StateMachine {
    /** The longest reply to an entry. */
    int MAX_REPLY_BYTES = 1 << 20;

    /**
     * Takes the next entry. Must be quick, for all that is appended waits behind it.
     *
     * @param index the entry's place, greater than every one before it, not always by one; the same on every member
     * @param entry the bytes that were appended; the machine may keep the array and must not change it
     * @return what the appender gets, at most {@link #MAX_REPLY_BYTES}; not to be changed afterwards
     */
    byte[] apply(long index, byte[] entry);

    /** Writes the whole state, as it is after the entry applied last. Need not buffer; must not close the stream. */
    void snapshot(OutputStream out) throws IOException;

    /** Replaces the whole state by one that {@link #snapshot} wrote, here or on another member. Need not buffer. */
    void restore(InputStream in) throws IOException;
}
