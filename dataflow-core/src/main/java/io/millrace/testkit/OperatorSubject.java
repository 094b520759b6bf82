package io.millrace.testkit;

import io.millrace.layout.HybridClock;
import io.millrace.layout.MessageView;
import io.millrace.node.Batch;
import io.millrace.node.Message;
import io.millrace.node.Operator;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An operator under test: is called back at once. */
final class OperatorSubject extends Subject {
    private final Operator operator;
    private final ManualClock clock;
    private final Timers timers;
    private final Function<TestInput, TestEvent> tick;

    OperatorSubject(
            Operator operator,
            TestContext context,
            HybridClock hybridClock,
            ManualClock clock,
            Timers timers,
            Function<TestInput, TestEvent> tick) {
        super(context, hybridClock);
        this.operator = operator;
        this.clock = clock;
        this.timers = timers;
        this.tick = tick;
    }

    @Override
    protected void callOpen() throws Exception {
        operator.open(context);
    }

    @Override
    protected void callClose() throws Exception {
        operator.close();
    }

    @Override
    void run() {
        throw new IllegalStateException("an operator has no loop of its own: it was called back at each feed already");
    }

    @Override
    void advance(Duration step) {
        clock.advance(step);
        while (!hasEnded()) {
            Optional<TestInput> due = timers.takeDue(clock.elapsedNanos());
            if (due.isEmpty()) {
                return;
            }
            accept(tick.apply(due.get()));
        }
    }

    @Override
    void accept(TestEvent event) {
        switch (event.type()) {
            case INPUT -> feed(event.testInput(), List.of(event.record()));
            case INPUT_CLOSED -> {
                TestInput input = event.testInput();
                drain(input);
                input.closed(true);
                guarded(() -> operator.onInputClosed(input));
            }
            case INPUT_RECOVERED -> {
                TestInput input = event.testInput();
                input.closed(false);
                guarded(() -> operator.onInputRecovered(input));
            }
            case ALL_INPUTS_CLOSED -> {
                guarded(operator::onAllInputsClosed);
                end();
            }
            case NODE_FAILED -> guarded(() -> operator.onNodeFailed(event.failure()));
            case NODE_RESTARTED -> guarded(() -> operator.onNodeRestarted(event.node()));
            case STOP -> {
                context.stopping();
                guarded(operator::onStop);
                end();
            }
        }
    }

    @Override
    void feed(TestInput to, List<ByteBuffer> records) {
        to.waiting().addAll(records);
        // Also what was left in earlier batches.
        for (TestInput input : context.testInputs()) {
            if (!input.waiting().isEmpty()) {
                offer(input);
            }
        }
    }

    private void offer(TestInput input) {
        WaitingBatch batch = new WaitingBatch(input);
        try {
            guarded(() -> operator.onBatch(input, batch));
        } finally {
            batch.expire();
        }
    }

    /** An input closes after its last message. */
    private void drain(TestInput input) {
        while (!input.waiting().isEmpty()) {
            int before = input.waiting().size();
            offer(input);
            if (input.waiting().size() == before) {
                throw new IllegalStateException("input '" + input.name() + "' is to close, but " + before
                        + " of its messages wait and onBatch takes none of them");
            }
        }
    }

    /** The messages that wait at an input, each valid until the next. */
    private final class WaitingBatch extends Batch {
        private final ArrayDeque<ByteBuffer> waiting;
        private final MessageView view;
        private @Nullable ByteBuffer current;
        private boolean expired;

        WaitingBatch(TestInput input) {
            this.waiting = input.waiting();
            this.view = new MessageView(input.retained());
        }

        @Override
        public @Nullable Message next() {
            if (expired) {
                throw new IllegalStateException("this batch is no longer valid: it was used after onBatch returned");
            }
            expireCurrent();
            current = waiting.poll();
            if (current == null) {
                return null;
            }
            view.wrap(Records.readOnly(current), 0, null);
            hybridClock.receive(view.timestamp());
            return view;
        }

        void expire() {
            expireCurrent();
            expired = true;
        }

        private void expireCurrent() {
            view.invalidate();
            if (current != null) {
                Records.scribble(current);
                current = null;
            }
        }
    }
}
