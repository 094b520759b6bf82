package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.RetainedMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetainHarnessTest {
    private final Keeper keeper = new Keeper();
    private final NodeHarness harness = NodeHarness.of(keeper).input("in").open();

    /** Keeps what it gets. */
    private static final class Keeper implements Operator {
        private final List<RetainedMessage> kept = new ArrayList<>();
        private @Nullable Message expired;

        @Override
        public void onInput(Input input, Message message) {
            kept.add(message.retain());
            expired = message;
        }
    }

    @Test
    void shouldReadWhatItRetainedWhenTheCallbackIsLongOver() {
        harness.feed("in", "first", Parameters.of("turn", 7));
        harness.feed("in", "second");

        RetainedMessage first = keeper.kept.get(0);
        assertThat(first.text()).isEqualTo("first");
        assertThat(first.parameters()).isEqualTo(Parameters.of("turn", 7));
        assertThat(first.format()).isEqualTo(PayloadFormat.UTF8);
        assertThat(first.sequence()).isZero();
        assertThat(keeper.kept.get(1).text()).isEqualTo("second");
        assertThat(keeper.kept.get(1).sequence()).isOne();
        assertThat(harness.retained("in")).isEqualTo(2);
    }

    @Test
    void shouldThrowWhenARetainedMessageIsUsedAfterItsRelease() {
        harness.feed("in", "first");
        RetainedMessage kept = keeper.kept.get(0);

        kept.release();
        kept.release();

        assertThat(kept.isReleased()).isTrue();
        assertThat(harness.retained("in")).isZero();
        assertThatIllegalStateException().isThrownBy(kept::text).withMessageContaining("after its release");
        assertThatIllegalStateException().isThrownBy(kept::retain).withMessageContaining("after its release");
    }

    @Test
    void shouldReleaseEachByItselfWhenAMessageIsRetainedTwice() {
        harness.feed("in", "first");
        RetainedMessage again = keeper.kept.get(0).retain();

        keeper.kept.get(0).close();

        assertThat(again.text()).isEqualTo("first");
        assertThat(harness.retained("in")).isOne();
        again.close();
        harness.close();
    }

    @Test
    void shouldSayWhereWhenSomethingIsStillRetainedAtTheEnd() {
        harness.feed("in", "first");

        assertThatIllegalStateException()
                .isThrownBy(harness::close)
                .withMessage(
                        "input 'node/in': 1 retained messages were never released; the cause shows where one was retained")
                .satisfies(failure -> assertThat(failure.getCause().getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(Keeper.class.getName())));
    }

    @Test
    void shouldRefuseToRetainWhatIsOver() {
        harness.feed("in", "first");

        assertThatIllegalStateException().isThrownBy(keeper.expired::retain);
    }

    @Test
    void shouldRetainInANodeWithItsOwnLoop() {
        List<String> texts = new ArrayList<>();
        Node node = new Node() {
            @Override
            public void run(NodeContext context) {
                List<RetainedMessage> kept = new ArrayList<>();
                for (Event event = context.next(); event != null; event = context.next()) {
                    if (event.type() == Event.Type.INPUT) {
                        kept.add(event.message().retain());
                    }
                }
                kept.forEach(message -> texts.add(message.text()));
                kept.forEach(RetainedMessage::release);
            }
        };
        try (NodeHarness loop = NodeHarness.of(node).input("in").open()) {
            loop.feed("in", "first");
            loop.feed("in", "second");
            loop.closeInput("in");
            loop.run();
        }
        assertThat(texts).containsExactly("first", "second");
    }

    @Test
    void shouldCopyWhatWasSentWhenItIsRetained() {
        NodeHarness echo = NodeHarness.of(new Operator() {
                    private @Nullable NodeContext context;

                    @Override
                    public void open(NodeContext given) {
                        context = given;
                    }

                    @Override
                    public void onInput(Input input, Message message) {
                        context.output("out").send(message.text());
                    }
                })
                .input("in")
                .output("out")
                .open();
        echo.feed("in", "first");

        try (RetainedMessage kept = echo.sent("out").get(0).message().retain()) {
            assertThat(kept.text()).isEqualTo("first");
        }
    }
}
