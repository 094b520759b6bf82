package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody here parks with a timeout: a lost wake-up is a thread that parks for ever, and a test that ends at its deadline. */
@SuppressWarnings("ThreadPriorityCheck") // signallers yield, since there may be fewer cores than threads
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WakeSignalTest {
    private static final int DEADLINE_SECONDS = 40;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void shouldUnparkTheOwnerWhenItIsArmed() throws Exception {
        WakeSignal signal = new WakeSignal();
        AtomicInteger work = new AtomicInteger();
        Thread owner = new Thread(() -> parkUntil(signal, work, 1));
        owner.start();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> owner.getState() == Thread.State.WAITING);
        work.set(1);
        signal.signal();
        owner.join(10_000);
        assertThat(owner.isAlive()).isFalse();
    }

    @Test
    void shouldNotUnparkWhenTheOwnerIsNotArmed() {
        WakeSignal signal = new WakeSignal();
        signal.bind(Thread.currentThread());
        LockSupport.parkNanos(1); // uses up a permit that someone may have left
        signal.signal();
        long begin = System.nanoTime();
        LockSupport.parkNanos(20_000_000);
        assertThat(System.nanoTime() - begin).as("ns parked").isGreaterThan(15_000_000);
    }

    @Test
    void shouldReturnAtOnceWhenASignalCameBetweenArmAndPark() {
        WakeSignal signal = new WakeSignal();
        signal.arm();
        signal.signal();
        signal.park(0);
        assertThat(signal.isArmed()).isFalse();
    }

    @Test
    void shouldUnparkTheBoundThreadWhenAnotherOneArmed() throws Exception {
        WakeSignal signal = new WakeSignal();
        AtomicInteger work = new AtomicInteger();
        signal.arm();
        signal.disarm();
        Thread owner = new Thread(() -> parkUntil(signal, work, 1));
        signal.bind(owner);
        owner.start();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> owner.getState() == Thread.State.WAITING);
        work.set(1);
        signal.signal();
        owner.join(10_000);
        assertThat(owner.isAlive()).isFalse();
    }

    @Test
    void shouldReturnAndDisarmWhenTheTimeIsUp() {
        WakeSignal signal = new WakeSignal();
        signal.arm();
        long begin = System.nanoTime();
        signal.park(5_000_000);
        assertThat(System.nanoTime() - begin).as("ns parked").isLessThan(10_000_000_000L);
        assertThat(signal.isArmed()).isFalse();
    }

    @Test
    void shouldReturnAndKeepTheFlagWhenInterrupted() {
        WakeSignal signal = new WakeSignal();
        signal.arm();
        Thread.currentThread().interrupt();
        signal.park(0);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(signal.isArmed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldLoseNoWakeUpWhenManySignal(int signallers) throws Exception {
        WakeSignal signal = new WakeSignal();
        AtomicInteger work = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        int rounds = 30_000;
        Future<?> owner = threads.submit(() -> {
            for (int round = 1; round <= rounds; round++) {
                parkUntil(signal, work, round);
                done.setRelease(round);
            }
        });
        AtomicInteger claimed = new AtomicInteger();
        List<Future<?>> signalling = new ArrayList<>();
        for (int i = 0; i < signallers; i++) {
            signalling.add(threads.submit(() -> {
                int round = claimed.incrementAndGet();
                while (round <= rounds) {
                    while (done.getAcquire() < round - 1) { // the owner is about to arm, at this very moment
                        Thread.onSpinWait();
                        if (signallers > 1) {
                            Thread.yield();
                        }
                    }
                    linger(round & 127);
                    work.setRelease(round);
                    signal.signal();
                    round = claimed.incrementAndGet();
                }
            }));
        }
        owner.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        for (Future<?> signaller : signalling) {
            signaller.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(done).hasValue(rounds);
    }

    @ParameterizedTest
    @CsvSource({
        "AGRONA_RING, 1",
        "AGRONA_RING, 4",
        "OWN_RING, 1",
        "OWN_RING, 4",
        "DROP_OLDEST, 1",
        "DROP_OLDEST, 4",
        "LATEST, 1"
    })
    void shouldLoseNoWakeUpWhenBothEndsOfAnEdgePark(EdgeForm form, int queueSize) throws Exception {
        WakeSignal readerSignal = new WakeSignal();
        WakeSignal writerSignal = new WakeSignal();
        Edge edge = form.create(queueSize, readerSignal, writerSignal);
        int messages = 20_000;
        AtomicLong received = new AtomicLong(-1);
        Future<?> sending = threads.submit(() -> sendParking(edge.writer(), writerSignal, messages));
        Future<?> receiving = threads.submit(() -> receiveParking(edge.reader(), readerSignal, received));
        sending.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        receiving.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(received).hasValue(messages - 1);
    }

    @ParameterizedTest
    @EnumSource(EdgeForm.class)
    void shouldWakeTheReaderOnceForABatchWhenItsMessagesAreCommittedQuietly(EdgeForm form) {
        AtomicInteger wakeUps = new AtomicInteger();
        WakeSignal readerSignal = new WakeSignal(wakeUps::incrementAndGet);
        Edge edge = form.create(4, readerSignal, null);
        readerSignal.arm();
        for (int sequence = 0; sequence < 3; sequence++) {
            int offset = edge.writer().tryClaim(Records.length(8));
            Records.write(edge.writer().buffer(), offset, sequence, 8);
            edge.writer().commitQuietly(null);
        }
        assertThat(edge.reader().hasNext()).as("what was committed can be seen").isTrue();
        assertThat(wakeUps).hasValue(0);
        edge.writer().signalReader();
        edge.writer().signalReader();
        assertThat(wakeUps).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"AGRONA_RING", "OWN_RING"})
    void shouldWakeTheWriterWhenTheReaderCloses(EdgeForm form) throws Exception {
        for (int round = 0; round < 2_000; round++) {
            WakeSignal writerSignal = new WakeSignal();
            Edge edge = form.create(1, null, writerSignal);
            Future<?> sending = threads.submit(() -> sendParking(edge.writer(), writerSignal, Integer.MAX_VALUE));
            linger(round & 1023);
            edge.reader().close();
            sending.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(edge.writer().isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"AGRONA_RING", "OWN_RING"})
    void shouldWakeTheWriterForRoomOnlyWhenItNeedsSome(EdgeForm form) {
        AtomicInteger wakeUps = new AtomicInteger();
        WakeSignal writerSignal = new WakeSignal(wakeUps::incrementAndGet);
        Edge edge = form.create(4, null, writerSignal);
        for (int sequence = 0; sequence < 3; sequence++) {
            int offset = edge.writer().tryClaim(Records.length(8));
            Records.write(edge.writer().buffer(), offset, sequence, 8);
            edge.writer().commit(null);
        }

        writerSignal.arm(false);
        assertThat(edge.reader().next()).isTrue();
        assertThat(wakeUps).as("for room that was not needed").hasValue(0);
        writerSignal.arm(true);
        assertThat(edge.reader().next()).isTrue();
        assertThat(wakeUps).as("for room that was needed").hasValue(1);
        writerSignal.arm(false);
        edge.reader().close();
        assertThat(wakeUps).as("for the end of the reader").hasValue(2);
    }

    private static void sendParking(EdgeWriter writer, WakeSignal signal, int messages) {
        for (int sequence = 0; sequence < messages && !writer.isClosed(); ) {
            int offset = writer.tryClaim(Records.length(8));
            if (offset >= 0) {
                Records.write(writer.buffer(), offset, sequence++, 8);
                writer.commit(null);
                linger(sequence & 63);
            } else {
                signal.arm();
                if (writer.hasRoom() || writer.isClosed()) {
                    signal.disarm();
                } else {
                    signal.park(0);
                }
            }
        }
        writer.close();
    }

    private static void receiveParking(EdgeReader reader, WakeSignal signal, AtomicLong received) {
        while (!reader.isDrained()) {
            if (reader.next()) {
                Records.checkWhole(reader);
                received.set(Records.sequence(reader));
            } else {
                signal.arm();
                if (reader.hasNext() || reader.isDrained()) {
                    signal.disarm();
                } else {
                    signal.park(0);
                }
            }
        }
    }

    private static void parkUntil(WakeSignal signal, AtomicInteger work, int round) {
        while (work.getAcquire() < round) {
            signal.arm();
            if (work.getAcquire() < round) {
                signal.park(0);
            } else {
                signal.disarm();
            }
        }
    }

    private static void linger(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }
}
