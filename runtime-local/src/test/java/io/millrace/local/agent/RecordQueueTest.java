package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordQueueTest {
    private final RecordQueue queue = new RecordQueue();
    private final ByteBuffer scratch = ByteBuffer.allocate(8 * 1024).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void shouldBeEmptyWhenNothingWasAppended() {
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.count()).isZero();
        assertThat(queue.isWithinLimits()).isTrue();
    }

    @Test
    void shouldGiveRecordsBackInOrder() {
        append(1, 10);
        append(2, 0);
        append(3, 100);

        assertThat(takeNumber()).isEqualTo(1);
        assertThat(takeNumber()).isEqualTo(2);
        assertThat(takeNumber()).isEqualTo(3);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void shouldHaveTheRecordAlignedWhenTheOneBeforeHasAnyLength() {
        append(1, 3);
        append(2, 5);
        queue.take();

        assertThat(queue.firstOffset() % 8).isZero();
    }

    @Test
    void shouldKeepTheBodyWhenARecordCameByReference() {
        Slab body = Slab.unpooled(ByteBuffer.allocate(10_000));
        appendReference(1, body);
        append(2, 8);
        appendReference(3, body);

        assertThat(queue.firstBody()).isSameAs(body);
        queue.take();
        assertThat(queue.firstBody()).isNull();
        queue.take();
        assertThat(queue.firstBody()).isSameAs(body);
    }

    @Test
    void shouldNotLetItsMemoryBeWrittenTo() {
        append(1, 8);

        Assertions.assertThatThrownBy(() -> queue.region().put(0, (byte) 1))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThat(queue.region().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void shouldLeaveTheRecordInHandAloneWhenItGrows() {
        append(1, 100);
        append(2, 100);
        ByteBuffer region = queue.region();
        int offset = queue.firstOffset();
        queue.take();

        for (int number = 3; number < 2_000; number++) {
            append(number, 100);
        }

        assertRecord(region, offset, 1, 100);
        queue.release();
        assertThat(takeNumber()).isEqualTo(2);
    }

    @Test
    void shouldLeaveTheRecordInHandAloneWhenItIsPackedAgainAndAgain() {
        append(0, 1000);
        for (int number = 1; number < 500; number++) {
            append(number, 1000);
            ByteBuffer region = queue.region();
            int offset = queue.firstOffset();
            queue.take();
            append(-1, 1000);
            append(-1, 1000);
            assertRecord(region, offset, number - 1, 1000);
            queue.release();
            queue.clear();
            append(number, 1000);
        }
    }

    @Test
    void shouldAllocateNothingMoreWhenItHasFoundItsSize() {
        for (int round = 0; round < 3; round++) {
            cycle();
        }
        ByteBuffer region = queue.region();
        ByteBuffer other = queue.region();
        for (int round = 0; round < 1000; round++) {
            cycle();
            if (queue.region() != region) {
                if (other == region) {
                    other = queue.region();
                }
                assertThat(queue.region())
                        .as("a third buffer, in round %s", round)
                        .isSameAs(other);
            }
        }
    }

    /** Never runs empty, and moves on by a few records. */
    private void cycle() {
        while (queue.count() < 20) {
            append(7, 200);
        }
        while (queue.count() > 3) {
            queue.take();
            queue.release();
        }
    }

    @Test
    void shouldCountNoMoreThanItMayHold() {
        for (int i = 0; i < RecordQueue.MAX_MESSAGES; i++) {
            append(i, 0);
        }
        assertThat(queue.isWithinLimits()).isTrue();

        append(0, 0);
        assertThat(queue.isWithinLimits()).isFalse();

        queue.take();
        assertThat(queue.isWithinLimits()).isTrue();
    }

    @Test
    void shouldCountTheBytesOfBodiesWhenTheyStandElsewhere() {
        Slab body = Slab.unpooled(ByteBuffer.allocate(16 << 20));
        for (int i = 0; i < 3; i++) {
            appendReference(i, body);
        }
        assertThat(queue.isWithinLimits()).isTrue();

        appendReference(3, body);
        assertThat(queue.isWithinLimits()).isFalse(); // 64 MiB, and the headers

        queue.take();
        assertThat(queue.isWithinLimits()).isTrue();
        queue.clear();
        assertThat(queue.isWithinLimits()).isTrue();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void shouldBeLikeAQueueWhateverHappensToIt() {
        for (long seed = 0; seed < 300; seed++) {
            new Model(new Random(seed), "seed " + seed).run(400);
        }
    }

    /** The queue beside an {@link ArrayDeque}. */
    private final class Model {
        private final Random random;
        private final String run;
        private final RecordQueue tested = new RecordQueue();
        private final Deque<Entry> expected = new ArrayDeque<>();
        private int next;
        private @Nullable Entry inHand;
        private ByteBuffer handRegion = scratch;
        private int handOffset;
        private @Nullable Slab handBody;
        private final List<Entry> withBody = new ArrayList<>();

        private record Entry(
                int number, int length, @Nullable Slab body) {}

        Model(Random random, String run) {
            this.random = random;
            this.run = run;
        }

        void run(int steps) {
            for (int step = 0; step < steps; step++) {
                act();
                check(run + ", step " + step);
            }
            for (Entry entry : withBody) {
                boolean isHeld = entry == inHand || expected.contains(entry);
                assertThat(Objects.requireNonNull(entry.body).references())
                        .as("%s: references to the body of record %s", run, entry.number)
                        .isEqualTo(isHeld ? 2 : 1);
            }
        }

        private void act() {
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> appendOne();
                case 4, 5 -> takeOne();
                case 6 -> releaseOne();
                default -> clearSometimes();
            }
        }

        private void appendOne() {
            int length = random.nextInt(10) == 0 ? random.nextInt(5_000) : random.nextInt(200);
            Slab body = random.nextInt(5) == 0 ? Slab.unpooled(ByteBuffer.allocate(length)) : null;
            Entry entry = new Entry(next++, length, body);
            if (body != null) {
                withBody.add(entry);
            }
            tested.append(record(entry.number, length, body != null), 0, body);
            expected.addLast(entry);
        }

        private void takeOne() {
            releaseOne();
            if (expected.isEmpty()) {
                return;
            }
            handRegion = tested.region();
            handOffset = tested.firstOffset();
            handBody = tested.firstBody();
            tested.take();
            inHand = expected.removeFirst();
        }

        private void releaseOne() {
            tested.release();
            inHand = null;
        }

        private void clearSometimes() {
            if (random.nextInt(20) == 0) {
                tested.clear();
                expected.clear();
                inHand = null;
            }
        }

        private void check(String where) {
            assertThat(tested.count()).as(where).isEqualTo(expected.size());
            assertThat(tested.isEmpty()).as(where).isEqualTo(expected.isEmpty());
            if (inHand != null) {
                assertRecord(handRegion, handOffset, inHand.number, inHand.body == null ? inHand.length : 0);
                assertThat(handBody).as(where).isSameAs(inHand.body);
            }
            Entry first = expected.peekFirst();
            if (first != null) {
                assertRecord(
                        tested.region(), tested.firstOffset(), first.number, first.body == null ? first.length : 0);
                assertThat(tested.firstBody()).as(where).isSameAs(first.body);
            }
        }
    }

    private void append(int number, int length) {
        queue.append(record(number, length, false), 0, null);
    }

    private void appendReference(int number, Slab body) {
        queue.append(record(number, body.capacity(), true), 0, body);
    }

    /** Each byte of the payload follows from the number. */
    private ByteBuffer record(int number, int length, boolean isReference) {
        RecordLayout.putHeader(scratch, 0, isReference ? RecordLayout.FLAG_REFERENCE : 0, 0, 0);
        RecordLayout.putLengths(scratch, 0, 0, length);
        scratch.putLong(RecordLayout.SEQUENCE_OFFSET, number);
        for (int i = 0; i < length && !isReference; i++) {
            scratch.put(RecordLayout.HEADER_LENGTH + i, (byte) (number + i));
        }
        return scratch;
    }

    private int takeNumber() {
        int number = (int) queue.region().getLong(queue.firstOffset() + RecordLayout.SEQUENCE_OFFSET);
        queue.take();
        queue.release();
        return number;
    }

    private static void assertRecord(ByteBuffer region, int offset, int number, int payloadLength) {
        assertThat(region.getLong(offset + RecordLayout.SEQUENCE_OFFSET)).isEqualTo(number);
        for (int i = 0; i < payloadLength; i++) {
            byte found = region.get(offset + RecordLayout.HEADER_LENGTH + i);
            if (found != (byte) (number + i)) {
                throw new AssertionError("byte " + i + " of record " + number + " is " + found);
            }
        }
    }
}
