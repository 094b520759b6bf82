package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.layout.RecordLayout;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Edges against the simplest thing that could be right, a deque, under random operations; a failure names its seed. */
class EdgeModelTest {
    private static final int SEEDS = 150;
    private static final int OPERATIONS = 1_500;
    private static final int[] QUEUE_SIZES = {1, 2, 3, 4, 7, 10, 16, 63, 64, 65, 100, 300};

    @ParameterizedTest
    @EnumSource
    void shouldDoWhatTheModelDoesWhenOperationsAreRandom(EdgeForm form) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            int queueSize = QUEUE_SIZES[random.nextInt(QUEUE_SIZES.length)];
            String run = form + ", seed " + seed + ", queue size " + queueSize;
            Run against = new Run(form, queueSize, random);
            for (int operation = 0; operation < OPERATIONS; operation++) {
                try {
                    against.step();
                } catch (Throwable t) {
                    throw new AssertionError(run + ", operation " + operation + ": " + t.getMessage(), t);
                }
            }
        }
    }

    private record Sent(long sequence, int bodyLength, boolean reference) {}

    private static final class Run {
        private final EdgeForm form;
        private final int waitingAtMost;
        private final Random random;
        private final EdgeWriter writer;
        private final EdgeReader reader;
        private final int inlineLimit;
        private final int sendWeight;

        // The model.
        private final ArrayDeque<Sent> waiting = new ArrayDeque<>();
        private Sent inHand;
        private long sent;
        private long received;
        private long givenWay;
        private boolean writerClosed;
        private boolean readerClosed;

        Run(EdgeForm form, int queueSize, Random random) {
            this.form = form;
            this.waitingAtMost = form.waiting(queueSize);
            this.random = random;
            Edge edge = form.create(queueSize);
            this.writer = edge.writer();
            this.reader = edge.reader();
            this.inlineLimit = writer.maxRecordLength() - RecordLayout.HEADER_LENGTH;
            this.sendWeight = 10 + random.nextInt(80); // of 100: some runs are mostly full, some mostly empty
        }

        void step() {
            int choice = random.nextInt(4_000);
            if (choice == 0) {
                closeWriter();
            } else if (choice == 1) {
                closeReader();
            } else if (choice < 400) {
                abort();
            } else if (choice < 600) {
                release();
            } else if (random.nextInt(100) < sendWeight) {
                send();
            } else {
                receive();
            }
            check();
        }

        private boolean isClosed() {
            return writerClosed || readerClosed;
        }

        private boolean hasRoom() {
            return !isClosed() && (!form.isLossless() || waiting.size() < waitingAtMost);
        }

        private int refusal() {
            return isClosed() ? EdgeWriter.CLOSED : EdgeWriter.FULL;
        }

        private void send() {
            boolean reference = random.nextInt(8) == 0;
            int bodyLength = reference ? random.nextInt(200) : randomInlineLength();
            int offset = writer.tryClaim(Records.length(reference ? 0 : bodyLength));
            if (!hasRoom()) {
                assertThat(offset).isEqualTo(refusal());
                return;
            }
            assertThat(offset).as("claim").isNotNegative();
            if (reference) {
                Records.writeReference(writer.buffer(), offset, sent, bodyLength);
            } else {
                Records.write(writer.buffer(), offset, sent, bodyLength);
            }
            writer.commit(reference ? Records.body(sent, bodyLength) : null);
            if (waiting.size() == waitingAtMost) {
                waiting.remove();
                givenWay++;
            }
            waiting.add(new Sent(sent++, bodyLength, reference));
        }

        private int randomInlineLength() {
            return switch (random.nextInt(4)) {
                case 0 -> inlineLimit;
                case 1 -> random.nextInt(inlineLimit + 1);
                default -> random.nextInt(Math.min(inlineLimit, 64) + 1);
            };
        }

        private void abort() {
            int length = Records.length(randomInlineLength());
            int offset = writer.tryClaim(length);
            if (!hasRoom()) {
                assertThat(offset).isEqualTo(refusal());
                return;
            }
            for (int i = 0; i < length; i++) {
                writer.buffer().put(offset + i, (byte) -1);
            }
            writer.abort();
        }

        private void receive() {
            boolean took = reader.next();
            inHand = null;
            assertThat(took).as("next").isEqualTo(!waiting.isEmpty());
            if (took) {
                inHand = waiting.remove();
                received++;
            }
        }

        private void release() {
            reader.release();
            inHand = null;
        }

        private void closeWriter() {
            writer.close();
            writerClosed = true;
        }

        private void closeReader() {
            reader.close();
            readerClosed = true;
            waiting.clear();
            inHand = null;
        }

        private void check() {
            if (inHand != null) {
                Records.check(reader, inHand.sequence(), inHand.bodyLength(), inHand.reference());
            } else {
                assertThat(reader.body()).as("body").isNull();
            }
            assertThat(reader.hasNext()).as("hasNext").isEqualTo(!waiting.isEmpty());
            assertThat(writer.hasRoom()).as("hasRoom").isEqualTo(hasRoom());
            assertThat(writer.isClosed()).as("isClosed").isEqualTo(isClosed());
            assertThat(reader.isDrained()).as("isDrained").isEqualTo(isClosed() && waiting.isEmpty());
            assertThat(writer.sent()).as("sent").isEqualTo(sent);
            assertThat(reader.received()).as("received").isEqualTo(received);
            assertThat(form == EdgeForm.LATEST ? writer.conflated() : writer.dropped())
                    .as("given way")
                    .isEqualTo(givenWay);
            assertThat(form == EdgeForm.LATEST ? writer.dropped() : writer.conflated())
                    .as("given way the other way")
                    .isZero();
            assertThat(reader.discarded()).as("discarded").isEqualTo(readerClosed ? sent - received - givenWay : 0);
        }
    }
}
