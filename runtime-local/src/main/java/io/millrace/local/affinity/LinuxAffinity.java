package io.millrace.local.affinity;

import com.sun.jna.Function;
import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLibrary;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** {@code sched_setaffinity} of the C library. Loading it fails with a {@link LinkageError} where JNA is not at hand. */
final class LinuxAffinity {
    /** Of the calling thread. */
    private static final int SELF = 0;

    private static final Function SCHED_SETAFFINITY =
            NativeLibrary.getInstance("c").getFunction("sched_setaffinity", Function.THROW_LAST_ERROR);

    private LinuxAffinity() {}

    /** Does nothing but to be loaded. */
    static void load() {
        SCHED_SETAFFINITY.getName();
    }

    static Optional<String> pin(List<Integer> cores) {
        byte[] mask = mask(cores);
        try {
            SCHED_SETAFFINITY.invokeInt(new Object[] {SELF, (long) mask.length, mask});
            return Optional.empty();
        } catch (LastErrorException e) {
            return Optional.of("the system refuses (" + e.getMessage()
                    + "): perhaps it allows this process other cores only, as in a container or under taskset");
        }
    }

    /** A bit for each core, in whole words of 64 as the kernel reads them on little-endian machines. */
    static byte[] mask(List<Integer> cores) {
        int words = Collections.max(cores) / Long.SIZE + 1;
        byte[] mask = new byte[words * Long.BYTES];
        for (int core : cores) {
            mask[core / Byte.SIZE] |= (byte) (1 << core % Byte.SIZE);
        }
        return mask;
    }
}
