package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeOrdersTest {
    private final Commands commands = new Commands();

    private NodeOrders incarnation() {
        NodeOrders orders = new NodeOrders("node", commands, null);
        orders.setCode(new SilentCode() {});
        return orders;
    }

    @Test
    void shouldFailOneIncarnationOnlyWhenThatWasAskedTwice() throws Exception {
        NodeOrders first = incarnation();
        first.postEndToRestart(new IllegalStateException("first"));
        first.postEndToRestart(new IllegalStateException("second"));

        assertThatIllegalStateException().isThrownBy(first::carryOut).withMessage("first");

        assertThat(incarnation().carryOut()).as("taken, and without effect").isEqualTo(1);
    }

    @Test
    void shouldNotTerminateTheNextIncarnationWhenTheOneBeforeWasToBe() throws Exception {
        List<String> terminated = new ArrayList<>();
        NodeOrders first = incarnation();
        first.postTerminate();
        NodeOrders next = new NodeOrders("node", commands, null);
        next.setCode(new SilentCode() {
            @Override
            public void terminate() {
                terminated.add("next");
            }
        });

        assertThat(next.carryOut()).isEqualTo(1);
        assertThat(terminated).isEmpty();

        next.postTerminate();
        assertThat(next.carryOut()).isEqualTo(1);
        assertThat(terminated).containsExactly("next");
    }
}
