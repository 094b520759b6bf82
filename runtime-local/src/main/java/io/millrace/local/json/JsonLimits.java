package io.millrace.local.json;

/**
 * How much JSON is taken from a message.
 *
 * @param maxBytes of a payload
 * @param maxDepth of objects and arrays within one another
 */
public record JsonLimits(int maxBytes, int maxDepth) {
    /** 16 MiB and a depth of 100. */
    public static final JsonLimits DEFAULT = new JsonLimits(16 << 20, 100);

    /** @throws IllegalArgumentException unless both are positive */
    public JsonLimits {
        if (maxBytes < 1 || maxDepth < 1) {
            throw new IllegalArgumentException(
                    "limits of JSON must be positive, found " + maxBytes + " bytes and a depth of " + maxDepth);
        }
    }
}
