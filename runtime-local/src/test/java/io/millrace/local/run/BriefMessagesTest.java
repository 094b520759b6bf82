package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.layout.MessageView;
import io.millrace.node.Claim;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which messages between two nodes come with their header, and which without. */
class BriefMessagesTest {
    private final List<String> received = new CopyOnWriteArrayList<>();

    private record Witness(List<String> received) implements Operator {
        @Override
        public void onInput(Input input, Message message) {
            boolean isWhole = ((MessageView) message).isRecordWhole();
            received.add(message.incarnation() + "/" + message.sequence() + " " + message.getInt(0)
                    + (isWhole ? " whole" : " brief"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoWithoutItsHeaderWhenItContinuesTheOneBeforeOnALosslessEdge(QueuePolicy policy) throws Exception {
        Node source = context -> {
            Output out = context.output("out");
            for (int i = 0; i < 4; i++) {
                Claim claim = out.claim(Integer.BYTES);
                claim.putInt(0, 10 * i);
                claim.commit();
                while (received.size() <= i) {
                    Thread.onSpinWait();
                }
            }
        };
        Dataflow dataflow = Dataflow.builder("brief")
                .node("source", () -> source, ports -> ports.output("out"))
                .operator("witness", () -> new Witness(received), ports -> ports.input("in", "source/out", policy, 1))
                .build();
        try (RunningDataflow running = dataflow.start()) {
            DataflowResult result = running.await();

            assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        }
        String later = policy.isLossless() ? " brief" : " whole";
        assertThat(received).containsExactly("0/0 0 whole", "0/1 10" + later, "0/2 20" + later, "0/3 30" + later);
    }
}
