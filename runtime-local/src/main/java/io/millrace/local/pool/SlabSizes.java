package io.millrace.local.pool;

/** The sizes that slabs have: 64 bytes and then four steps to each doubling, so that of a slab less than a fifth stays unused. */
final class SlabSizes {
    private static final int SMALLEST_LOG = 6;
    private static final int SMALLEST = 1 << SMALLEST_LOG;
    private static final int STEPS_LOG = 2;
    private static final int STEPS = 1 << STEPS_LOG;

    /** Some arrays cannot be longer, and buffers are aligned within what is allocated. */
    private static final int LARGEST = Integer.MAX_VALUE - 1024;

    /** How many sizes there are. */
    static final int COUNT = (Integer.SIZE - 1 - SMALLEST_LOG) * STEPS + 1;

    private SlabSizes() {}

    /** The number of the smallest size that is not less than {@code length}. */
    static int indexOf(int length) {
        if (length <= SMALLEST) {
            return 0;
        }
        int log = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(length - 1);
        int step = (length - 1) >>> (log - STEPS_LOG); // from STEPS to 2 * STEPS - 1
        return (log - SMALLEST_LOG) * STEPS + step - STEPS + 1;
    }

    /** In bytes. */
    static int bytes(int index) {
        if (index == 0) {
            return SMALLEST;
        }
        int log = (index - 1) / STEPS + SMALLEST_LOG;
        long steps = (index - 1) % STEPS + STEPS + 1L;
        return (int) Math.min(LARGEST, steps << (log - STEPS_LOG));
    }
}
