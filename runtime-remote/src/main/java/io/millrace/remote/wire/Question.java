package io.millrace.remote.wire;

import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowStatus;
import java.time.Duration;
import java.util.List;

/** What a client asks executors of a part, through the leader. */
public enum Question {
    STATUS,
    METRICS,
    STALLS;

    /** What an executor says. */
    public sealed interface Answer {
        record Status(DataflowStatus status) implements Answer {}

        record Metrics(DataflowMetrics metrics) implements Answer {}

        record Stalls(List<Held> stalls) implements Answer {
            public Stalls {
                stalls = List.copyOf(stalls);
            }
        }

        /** The part is not here, or not far enough to be asked. */
        record Nothing(String reason) implements Answer {}
    }

    /** See {@link io.millrace.runtime.Stall}. */
    public record Held(String holder, String name, Duration heldFor, List<String> edges, List<JobEvent.Frame> stack) {
        public Held {
            edges = List.copyOf(edges);
            stack = List.copyOf(stack);
        }
    }
}
