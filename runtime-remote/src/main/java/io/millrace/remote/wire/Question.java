package io.millrace.remote.wire;

import io.millrace.graph.QueuePolicy;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowStatus;
import java.time.Duration;
import java.util.List;
import org.slf4j.event.Level;

/** What a client asks the executor of a part, through the leader, who only passes it on. */
public sealed interface Question {

    record Status() implements Question {}

    record Metrics() implements Question {}

    record Stalls() implements Question {}

    /**
     * A client wants to feed an edge from the application, over a link that it dials; one at a time does. Each time that it asks it is a new session, which the executor numbers.
     *
     * @param client its name
     * @param instance of the client
     * @param publisher who it is at the client: who asks once more takes its own place
     * @param takesOver whether it takes the place of another one, too; else it is refused while there is one
     */
    record Publish(String edge, String client, String instance, long publisher, boolean takesOver)
            implements Question {}

    /**
     * A client receives what an output sends from now on, over a link that it dials.
     *
     * @param output its full name
     * @param keepsOpen whether the output stays open for its sake, as for a subscription and not for a tap
     */
    record Subscribe(
            EdgeSession session,
            String output,
            QueuePolicy policy,
            int queueSize,
            boolean keepsOpen,
            String client,
            String instance)
            implements Question {}

    /** No more of it is wanted; what was sent before still comes, and then the end. */
    record Unsubscribe(EdgeSession session) implements Question {}

    /**
     * What the nodes of a part have logged, as far as it is still held.
     *
     * @param after the {@code number} of the last line that is known; 0 for the first question
     * @param node a node, or an operator of one; empty for all
     * @param lowest lines of lower levels are left out
     */
    record Logs(long after, String node, Level lowest) implements Question {}

    /** What an executor says. */
    sealed interface Answer {
        record Status(DataflowStatus status) implements Answer {}

        record Metrics(DataflowMetrics metrics) implements Answer {}

        record Stalls(List<Held> stalls) implements Answer {
            public Stalls {
                stalls = List.copyOf(stalls);
            }
        }

        /**
         * Lines in the order in which they came.
         *
         * @param last the number of the last line that was looked at: what the next question is to say
         * @param hasMore whether more is there than went into one answer
         * @param writers of each node and operator that is asked about and has logged
         */
        record Logs(List<Line> lines, long last, boolean hasMore, List<Writer> writers) implements Answer {
            public Logs {
                lines = List.copyOf(lines);
                writers = List.copyOf(writers);
            }
        }

        /**
         * What a node or operator has logged, of all levels.
         *
         * @param gone how many of its lines are not held any more
         * @param told how many there were up to the last line that was looked at: what the reader knows of, held or gone
         */
        record Writer(String part, long gone, long told) {}

        record Done() implements Answer {}

        /** Who has asked feeds the edge from now on. */
        record Publishing(EdgeSession session) implements Answer {}

        /** Nothing comes, for the output had closed before. The edge says so as well, but on another way than this answer: whoever subscribes is to know when he has it. */
        record Closed() implements Answer {}

        /** The part is not here, or not far enough to be asked. */
        record Nothing(String reason) implements Answer {}
    }

    /**
     * One thing that was logged, or printed by a program.
     *
     * @param number grows within the part
     * @param part the node's id, with the operator's where it was one
     */
    record Line(long number, long timeUs, String part, Level level, String text) {}

    /** See {@link io.millrace.runtime.Stall}. */
    record Held(String holder, String name, Duration heldFor, List<String> edges, List<JobEvent.Frame> stack) {
        public Held {
            edges = List.copyOf(edges);
            stack = List.copyOf(stack);
        }
    }
}
