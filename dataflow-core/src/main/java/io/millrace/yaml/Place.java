package io.millrace.yaml;

import org.jspecify.annotations.Nullable;

/**
 * What messages call a value: the key under which it is written, with what leads from there to it, such as {@code config.list[2]}. Made for each value, and so put
 * into words only where there is something to say.
 */
final class Place {
    private final @Nullable Place within;
    private final String key;
    private final int index; // -1 for the value of a key

    private Place(@Nullable Place within, String key, int index) {
        this.within = within;
        this.key = key;
        this.index = index;
    }

    static Place of(String key) {
        return new Place(null, key, -1);
    }

    /** The value of a key in the mapping that stands here. */
    Place entry(String of) {
        return new Place(this, of, -1);
    }

    /** A value of the list that stands here. */
    Place item(int at) {
        return new Place(this, "", at);
    }

    @Override
    public String toString() {
        if (within == null) {
            return key;
        }
        return within + (index < 0 ? "." + key : "[" + index + "]");
    }
}
