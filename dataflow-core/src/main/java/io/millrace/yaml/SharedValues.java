package io.millrace.yaml;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Measures a tree in which aliases share branches as if each alias were written out, without writing any out: each branch is
 * measured once. A few lines of aliases may stand for more values or longer texts than any memory holds, or for a value that contains itself.
 */
final class SharedValues {
    private final IdentityHashMap<Node, Measure> measured = new IdentityHashMap<>();

    private SharedValues() {}

    /** What is too large or too deep and why, or null if nothing is. */
    static @Nullable Excess findExcess(Node root) {
        try {
            new SharedValues().measure(root, 1);
            return null;
        } catch (Excess excess) {
            return excess;
        }
    }

    private Measure measure(Node node, int depth) throws Excess {
        if (depth > GuardedParser.MAX_DEPTH) {
            throw new Excess(node, "aliases nest deeper than " + GuardedParser.MAX_DEPTH + " levels");
        }
        if (node instanceof ScalarNode scalar) {
            return new Measure(1, 1, scalar.getValue().length());
        }
        Measure known = measured.get(node);
        if (known == null) {
            known = measureAll(node, depth);
            measured.put(node, known);
        }
        if (depth + known.height - 1 > GuardedParser.MAX_DEPTH) {
            throw new Excess(node, "aliases nest deeper than " + GuardedParser.MAX_DEPTH + " levels");
        }
        return known;
    }

    private Measure measureAll(Node node, int depth) throws Excess {
        long values = 1;
        int height = 1;
        long characters = 0;
        for (Node child : children(node)) {
            Measure measure = measure(child, depth + 1);
            values += measure.values;
            characters += measure.characters;
            height = Math.max(height, measure.height + 1);
            if (values > GuardedParser.MAX_EVENTS) {
                throw new Excess(
                        node, "aliases stand for more than " + GuardedParser.MAX_EVENTS + " values: write less");
            }
            if (characters > DataflowText.MAX_BYTES) {
                throw new Excess(
                        node, "aliases stand for more than " + DataflowText.MAX_BYTES + " characters: write less");
            }
        }
        return new Measure(values, height, characters);
    }

    private static List<Node> children(Node node) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        if (node instanceof MappingNode mapping) {
            List<Node> children = new ArrayList<>();
            for (NodeTuple tuple : mapping.getValue()) {
                children.add(tuple.getKeyNode());
                children.add(tuple.getValueNode());
            }
            return children;
        }
        return List.of();
    }

    /** @param characters of all scalars in it */
    private record Measure(long values, int height, long characters) {}

    /** A value that is too large. */
    static final class Excess extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Node node;

        private Excess(Node node, String message) {
            super(message);
            this.node = node;
        }

        Node node() {
            return node;
        }
    }
}
