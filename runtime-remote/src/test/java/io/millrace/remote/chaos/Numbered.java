package io.millrace.remote.chaos;

/**
 * A message of the counting dataflows.
 *
 * @param producer which incarnation of which node sent it
 * @param sequence that one's count, from 0
 * @param origin when the source sent it, nanoseconds
 */
record Numbered(String producer, long sequence, long origin) {
    static Numbered parse(String text) {
        String[] parts = text.split(" ");
        return new Numbered(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    @Override
    public String toString() {
        return producer + " " + sequence + " " + origin;
    }
}
