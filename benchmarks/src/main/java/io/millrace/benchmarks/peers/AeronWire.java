package io.millrace.benchmarks.peers;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/** Aeron IPC with a media driver inside this JVM, whose one thread looks at the positions once a millisecond. */
final class AeronWire implements Wire {
    private static final int STREAM = 1001;
    private static final int FRAGMENTS = 256;
    private static final int TERM_BYTES = 8 * 1024 * 1024;

    private final MediaDriver driver;
    private final Aeron aeron;
    private final Subscription subscription;
    private final ExclusivePublication publication;
    private final BufferClaim claim = new BufferClaim();
    private final Template template;
    private final Waiting waiting;
    private final FragmentHandler handler;

    private Sink target = value -> {}; // the receiver's

    @SuppressWarnings("ThreadPriorityCheck") // waits for the driver
    AeronWire(Template template, Waiting waiting) {
        this.template = template;
        this.waiting = waiting;
        driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
                .ipcTermBufferLength(TERM_BYTES)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true));
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
        subscription = aeron.addSubscription(CommonContext.IPC_CHANNEL, STREAM);
        publication = aeron.addExclusivePublication(CommonContext.IPC_CHANNEL, STREAM);
        while (!publication.isConnected() || !subscription.isConnected()) {
            Thread.yield();
        }
        handler = (buffer, offset, length, header) -> {
            template.check(buffer.getLong(offset + length - Long.BYTES));
            target.onValue(buffer.getLong(offset));
        };
    }

    @Override
    public void send(long value) {
        for (long result = publication.tryClaim(template.length(), claim);
                result < 0;
                result = publication.tryClaim(template.length(), claim)) {
            if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
                throw new IllegalStateException("Aeron's publication ended: " + result);
            }
            waiting.forRoom();
        }
        claim.buffer().putBytes(claim.offset(), template.bytes(), 0, template.length());
        claim.buffer().putLong(claim.offset(), value);
        claim.commit();
    }

    @Override
    public int receive(Sink sink) {
        if (target != sink) { // not written while messages flow: the sender reads what is beside it
            target = sink;
        }
        return subscription.poll(handler, FRAGMENTS);
    }

    @Override
    public int await(Sink sink) {
        waiting.forRoom();
        return 0;
    }

    @Override
    public void close() {
        publication.close();
        subscription.close();
        aeron.close();
        driver.close();
    }
}
