package io.millrace.local.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlabPoolTest {
    private static final int KIB = 1024;

    private final AtomicInteger returns = new AtomicInteger();

    private SlabPool pool(long budgetBytes) {
        return new SlabPool("a pool", OptionalLong.of(budgetBytes), returns::incrementAndGet, false);
    }

    private static SlabPool unwritten() {
        return new SlabPool("a pool", OptionalLong.empty(), () -> {}, false);
    }

    @Test
    void shouldHandOutTheSameSlabWhenItHasComeBack() {
        SlabPool pool = pool(64 * KIB);
        Slab first = pool.claim(10_000);
        first.release();

        Slab second = pool.claim(9_999);

        assertThat(second).isSameAs(first);
        assertThat(second.view()).isSameAs(first.view());
        assertThat(second.length()).isEqualTo(9_999);
    }

    @Test
    void shouldTellItsOwnerWhenTheLastReferenceIsReleased() {
        Slab slab = pool(64 * KIB).claim(10_000);
        slab.retain();

        slab.release();
        assertThat(returns).hasValue(0);
        slab.release();
        assertThat(returns).hasValue(1);
    }

    @Test
    void shouldRefuseWhenTheBudgetIsUsedUpAndNotAnyMoreWhenASlabIsBack() {
        SlabPool pool = pool(64 * KIB);
        Slab first = pool.claim(32 * KIB);
        Slab second = pool.claim(32 * KIB);

        assertThat(pool.claim(1)).isNull();
        assertThat(pool.fits(1)).isFalse();
        assertThat(pool.outstandingBytes()).isEqualTo(64 * KIB);

        second.release();
        assertThat(pool.fits(32 * KIB)).isTrue();
        assertThat(pool.claim(20 * KIB)).isNotNull();
        first.release();
    }

    @Test
    void shouldHoldAPayloadAsLargeAsTheBudgetWhateverItsSize() {
        SlabPool pool = pool(70_001);
        Slab whole = pool.claim(70_001);

        assertThat(whole.capacity()).isEqualTo(70_001);
        whole.release();
        assertThat(pool.claim(69_000)).isSameAs(whole);
        assertThat(pool.canEverHold(70_001)).isTrue();
        assertThat(pool.canEverHold(70_002)).isFalse();
    }

    @Test
    void shouldHoldFourOfTheLargestWhenNothingIsWritten() {
        SlabPool pool = unwritten();
        assertThat(pool.budgetBytes()).isEqualTo(64 << 20);
        List<Slab> slabs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            slabs.add(pool.claim(20 << 20));
        }

        assertThat(slabs).doesNotContainNull();
        assertThat(pool.claim(20 << 20)).isNull();
        assertThat(pool.budgetBytes()).isEqualTo(80 << 20);
        assertThat(pool.canEverHold(1L << 30)).isTrue();
    }

    @Test
    void shouldLetFreeSlabsOfOtherSizesGoWhenTheBudgetIsUsedUpByThem() {
        SlabPool pool = pool(64 * KIB);
        Slab small = pool.claim(8 * KIB);
        Slab large = pool.claim(32 * KIB);
        small.release();
        large.release();

        Slab larger = pool.claim(48 * KIB);

        assertThat(larger).isNotNull();
        assertThat(pool.freeBytes()).as("the small one could stay").isEqualTo(8 * KIB);
        assertThat(pool.outstandingBytes()).isEqualTo(48 * KIB);
    }

    @Test
    void shouldUseALargerFreeSlabWhenTheBudgetIsUsedUp() {
        SlabPool pool = pool(64 * KIB);
        Slab held = pool.claim(32 * KIB);
        Slab free = pool.claim(32 * KIB);
        free.release();

        assertThat(pool.claim(20 * KIB)).isSameAs(free);
        held.release();
    }

    @Test
    void shouldCountASlabLaterWhenItWasTakenBeyondTheBudget() {
        SlabPool pool = pool(64 * KIB);
        Slab all = pool.claim(64 * KIB);
        Slab beyond = pool.claimUncounted(32 * KIB);

        assertThat(beyond.isExtra()).isTrue();
        assertThat(pool.count(beyond)).isFalse();
        assertThat(pool.canCount(beyond)).isFalse();
        assertThat(pool.outstandingBytes()).isEqualTo(64 * KIB);

        all.release();
        assertThat(pool.canCount(beyond)).isTrue();
        assertThat(pool.count(beyond)).isTrue();
        assertThat(pool.outstandingBytes()).isEqualTo(32 * KIB);
        beyond.release();
        assertThat(pool.claim(32 * KIB)).isSameAs(beyond);
    }

    @Test
    void shouldForgetASlabBeyondTheBudgetWhenItComesBack() {
        SlabPool pool = pool(64 * KIB);
        pool.claimUncounted(32 * KIB).release();

        assertThat(pool.freeBytes()).isZero();
        assertThat(pool.outstandingBytes()).isZero();
    }

    @Test
    void shouldGiveMemoryBackWhenMuchOfItStandsUnused() {
        SlabPool pool = pool(1 << 20);
        List<Slab> burst = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            burst.add(pool.claim(16 * KIB));
        }
        burst.forEach(Slab::release);
        assertThat(pool.freeBytes()).isEqualTo(1 << 20);

        for (int i = 0; i < 10_000; i++) {
            pool.claim(16 * KIB).release();
        }

        assertThat(pool.freeBytes()).isBetween(16L * KIB, (1L << 20) / 4);
    }

    @Test
    void shouldKeepWhatIsNeededAgainAndAgain() {
        SlabPool pool = pool(1 << 20);
        for (int round = 0; round < 200; round++) {
            List<Slab> burst = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                burst.add(pool.claim(16 * KIB));
            }
            burst.forEach(Slab::release);
        }
        assertThat(pool.freeBytes()).isEqualTo(1 << 20);
    }

    @Test
    void shouldLetAllGoWhenItCloses() {
        SlabPool pool = pool(64 * KIB);
        Slab free = pool.claim(16 * KIB);
        Slab held = pool.claim(16 * KIB);
        free.release();

        pool.close();
        held.release();

        assertThat(pool.freeBytes()).isZero();
    }

    @Test
    void shouldHandOutAgainWhatHasComeBackAfterItWasClosed() {
        SlabPool pool = pool(64 * KIB);
        List<Slab> all = List.of(pool.claim(32 * KIB), pool.claim(32 * KIB));
        pool.close();
        all.forEach(Slab::release);

        for (int i = 0; i < 10; i++) {
            pool.claim(32 * KIB).release();
        }
        assertThat(pool.outstandingBytes()).isZero();
    }

    @Test
    void shouldWriteOverWhatWasReleasedWhenDebugging() {
        SlabPool pool = new SlabPool("a pool", OptionalLong.empty(), () -> {}, true);
        Slab slab = pool.claim(5_000);
        slab.buffer().putLong(0, 42).put(4_999, (byte) 1);
        slab.retain();

        slab.release();
        assertThat(slab.view().getLong(0)).isEqualTo(42);
        slab.release();
        assertThat(slab.view().getLong(0)).isEqualTo(0xDBDB_DBDB_DBDB_DBDBL);
        assertThat(slab.view().get(4_999)).isEqualTo((byte) 0xDB);
    }

    @Test
    void shouldSayThatItWasReleasedTooOften() {
        Slab slab = pool(64 * KIB).claim(100);
        slab.release();

        assertThatIllegalStateException()
                .isThrownBy(slab::release)
                .withMessage("a slab was released more often than it was retained");
    }

    @Test
    void shouldBeReadOnlyLittleEndianAndAligned() {
        Slab slab = pool(64 * KIB).claim(100);

        assertThat(slab.view().isReadOnly()).isTrue();
        assertThat(slab.buffer().isDirect()).isTrue();
        assertThat(slab.buffer().alignmentOffset(0, 64)).isZero();
        slab.buffer().putInt(0, 0x01020304);
        assertThat(slab.view().get(0)).isEqualTo((byte) 4);
        assertThat(slab.view().getInt(0)).isEqualTo(0x01020304);
    }

    /** Random claims and releases beside the plainest bookkeeping; a failure names its seed. */
    @Test
    void shouldNeverExceedItsBudgetAndLoseNothingWhenOperationsAreRandom() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            long budget = 20_000 + random.nextInt(500_000);
            SlabPool pool = pool(budget);
            Deque<Slab> held = new ArrayDeque<>();
            for (int step = 0; step < 3_000; step++) {
                if (random.nextBoolean()) {
                    int length = 1 + (int) (budget * Math.pow(random.nextDouble(), 4));
                    Slab slab = pool.claim(length);
                    if (slab != null) {
                        assertThat(slab.capacity()).isGreaterThanOrEqualTo(length);
                        assertThat(held).doesNotContain(slab);
                        held.add(slab);
                    }
                } else if (!held.isEmpty()) {
                    held.remove().release();
                }
                long bytes = held.stream().mapToLong(Slab::capacity).sum();
                assertThat(pool.outstandingBytes())
                        .as("seed %s, step %s", seed, step)
                        .isEqualTo(bytes);
                assertThat(bytes + pool.freeBytes()).isLessThanOrEqualTo(budget);
            }
            held.forEach(Slab::release);
            assertThat(pool.outstandingBytes()).as("seed %s", seed).isZero();
        }
    }

    /** One thread claims and writes, others check what they got and give it back, each slab by as many as have it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldComeHomeWholeWhenOtherThreadsRelease(int readers) throws Exception {
        int messages = 60_000;
        SlabPool pool = pool(64 * KIB);
        List<ArrayBlockingQueue<Slab>> queues = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < readers; i++) {
            ArrayBlockingQueue<Slab> queue = new ArrayBlockingQueue<>(8);
            queues.add(queue);
            Thread thread = new Thread(() -> {
                try {
                    for (int n = 0; n < messages; n++) {
                        Slab slab = queue.poll(60, TimeUnit.SECONDS);
                        assertThat(slab.view().getLong(0)).isEqualTo(n);
                        assertThat(slab.view().getLong(slab.length() - 8)).isEqualTo(n);
                        slab.release();
                    }
                } catch (Throwable t) {
                    failure.set(t);
                }
            });
            threads.add(thread);
            thread.start();
        }
        Random random = new Random(readers);
        for (int n = 0; n < messages && failure.get() == null; n++) {
            int length = 16 + random.nextInt(8 * KIB);
            Slab slab = pool.claim(length);
            while (slab == null && failure.get() == null) {
                Thread.onSpinWait();
                slab = pool.claim(length);
            }
            slab.buffer().putLong(0, n).putLong(length - 8, n);
            for (ArrayBlockingQueue<Slab> queue : queues) {
                slab.retain();
                queue.offer(slab, 60, TimeUnit.SECONDS);
            }
            slab.release();
        }
        for (Thread thread : threads) {
            thread.join(60_000);
        }
        assertThat(failure.get()).isNull();
        assertThat(pool.outstandingBytes()).isZero();
    }
}
