package io.millrace.samples.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.testkit.GraphHarness;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.testkit.SentMessage;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Two sources feed one node, and nobody says whose message comes first. In a test on threads the rate is always there before the first trade; in the field it once
 * is not. The harness goes through the orders there can be, and has the one that fails again for whoever wants to look at it.
 */
class FindTheOrderThatFailsTest {

    /** Sends its texts. */
    private static Supplier<Node> source(String... texts) {
        return () -> context -> List.of(texts).forEach(context.output("out")::send);
    }

    /** Prices trades by the rate that it knows: and believes that it knows one. */
    private static class HastyPricer implements Operator {
        private Output priced;
        private int rate;

        @Override
        public void open(NodeContext context) {
            priced = context.output("priced");
        }

        @Override
        public void onInput(Input input, Message message) {
            if (input.id().equals("rate")) {
                rate = Integer.parseInt(message.text());
                onRate();
            } else {
                onTrade(Integer.parseInt(message.text()));
            }
        }

        void onRate() {}

        void onTrade(int amount) {
            priced.send(Integer.toString(amount * rate));
        }

        final boolean knowsRate() {
            return rate != 0;
        }
    }

    /** The same, but trades wait for the first rate. */
    private static final class PatientPricer extends HastyPricer {
        private final Queue<Integer> waiting = new ArrayDeque<>();

        @Override
        void onRate() {
            for (Integer amount = waiting.poll(); amount != null; amount = waiting.poll()) {
                super.onTrade(amount);
            }
        }

        @Override
        void onTrade(int amount) {
            if (knowsRate()) {
                super.onTrade(amount);
            } else {
                waiting.add(amount);
            }
        }
    }

    private static Dataflow desk(Supplier<Operator> pricer) {
        return Dataflow.builder("desk")
                .node("rates", source("3"), ports -> ports.output("out"))
                .node("trades", source("10", "20"), ports -> ports.output("out"))
                .operator(
                        "pricer",
                        pricer,
                        ports -> ports.input("rate", "rates/out", QueuePolicy.BACKPRESSURE, 10)
                                .input("trade", "trades/out", QueuePolicy.BACKPRESSURE, 10)
                                .output("priced"))
                .build();
    }

    private static void checkPrices(Supplier<Operator> pricer, long seed) {
        try (GraphHarness harness = GraphHarness.of(desk(pricer)).seed(seed).open()) {
            harness.runToEnd();
            assertThat(harness.sent("pricer/priced"))
                    .extracting(SentMessage::text)
                    .containsExactly("30", "60");
        }
    }

    @Test
    void shouldFindTheOrderThatFailsAndHaveItAgain() {
        assertThatThrownBy(() -> GraphHarness.explore(100, seed -> checkPrices(HastyPricer::new, seed)))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("fails with seed ")
                .satisfies(failure -> {
                    long seed = Long.parseLong(failure.getMessage().replaceAll("(?s)fails with seed (\\d+):.*", "$1"));
                    assertThatThrownBy(() -> checkPrices(HastyPricer::new, seed))
                            .isInstanceOf(AssertionError.class);
                });
    }

    @Test
    void shouldFindNoSuchOrderWhenTradesWaitForTheRate() {
        GraphHarness.explore(100, seed -> checkPrices(PatientPricer::new, seed));
    }
}
