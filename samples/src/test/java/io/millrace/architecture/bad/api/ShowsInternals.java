package io.millrace.architecture.bad.api;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Shows foreign types in every place where a signature can. */
public abstract class ShowsInternals extends UnsafeBuffer implements Agent {
    protected Histogram histogram = new Histogram(1);
    private final Histogram secret = new Histogram(1);

    /** Hides one in type arguments. */
    public Map<String, List<Node>> names() {
        return Map.of(secret.toString(), List.of());
    }

    /** Takes an array. */
    protected void accept(DirectBuffer[] buffers) {
        wrap(buffers[0]);
    }

    /** Declares one. */
    public void fail() throws YAMLException {
        throw new YAMLException("always");
    }

    /** Bounds a type parameter. */
    public <A extends Agent> void run(List<A> agents) {
        agents.clear();
    }

    /** Seen from outside as well. */
    public interface Nested {
        /** Returns one. */
        DirectBuffer open();
    }

    /** Not seen from outside. */
    interface Hidden {
        DirectBuffer open();
    }
}
