package io.millrace.local.stepped;

import io.millrace.local.agent.InputBatch;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Whose turn it is. Used by one thread. */
interface Turns {

    /** One of those who could have their turn, at least one, by their place in {@code able}. */
    int next(List<Integer> able);

    /** The most messages of one input that a reactive node is handed in its turn. */
    int batchLimit();

    /** For the log. */
    String describe();

    /** One after the other, in the order of the dataflow. */
    static Turns fixed() {
        return new Turns() {
            private int last = -1;

            @Override
            public int next(List<Integer> able) {
                int chosen = 0;
                for (int i = able.size() - 1; i >= 0; i--) {
                    if (able.get(i) > last) {
                        chosen = i;
                    }
                }
                last = able.get(chosen);
                return chosen;
            }

            @Override
            public int batchLimit() {
                return InputBatch.LIMIT;
            }

            @Override
            public String describe() {
                return "in the order of the dataflow";
            }
        };
    }

    /** By lot: the same for the same seed. */
    static Turns seeded(long seed) {
        Random lots = new Random(seed);
        return new Turns() {
            @Override
            public int next(List<Integer> able) {
                return able.size() == 1 ? 0 : lots.nextInt(able.size());
            }

            /** Few messages let others in between, many are what a busy node finds. */
            @Override
            public int batchLimit() {
                return lots.nextInt(4) == 0 ? 1 + lots.nextInt(InputBatch.LIMIT) : 1;
            }

            @Override
            public String describe() {
                return "in the order of seed " + seed;
            }
        };
    }

    /** @param seed null for the fixed order */
    static Turns of(@Nullable Long seed) {
        return seed == null ? fixed() : seeded(seed);
    }
}
