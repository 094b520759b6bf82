package io.millrace.remote.link;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What stands behind the numbers of channels, which are small and used again. On the event loop; no allocation for looking. */
final class ChannelTable<T> {
    private static final int AT_FIRST = 8;

    private @Nullable Object[] entries = new Object[AT_FIRST];
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int end; // all below were given a number by add()
    private int count;

    int count() {
        return count;
    }

    @SuppressWarnings("unchecked") // only T is ever put in
    @Nullable T at(int channel) {
        return channel < entries.length ? (T) entries[channel] : null;
    }

    /** Under a number of this table's choice. */
    int add(T entry) {
        Integer used = free.poll();
        int channel = used != null ? used : end;
        if (channel >= Frames.MAX_CHANNELS) {
            throw new IllegalStateException("a link carries at most " + Frames.MAX_CHANNELS + " edges each way");
        }
        if (used == null) {
            end++;
        }
        put(channel, entry);
        return channel;
    }

    /** Under the other end's number; false if it is taken. */
    boolean put(int channel, T entry) {
        if (channel >= entries.length) {
            entries = Arrays.copyOf(entries, Math.min(Frames.MAX_CHANNELS, Math.max(channel + 1, 2 * entries.length)));
        }
        if (entries[channel] != null) {
            return false;
        }
        entries[channel] = entry;
        count++;
        return true;
    }

    @Nullable T remove(int channel) {
        @Nullable T entry = at(channel);
        if (entry != null) {
            entries[channel] = null;
            count--;
            if (channel < end) {
                free.add(channel);
            }
        }
        return entry;
    }

    void clear() {
        Arrays.fill(entries, null);
        free.clear();
        end = 0;
        count = 0;
    }
}
