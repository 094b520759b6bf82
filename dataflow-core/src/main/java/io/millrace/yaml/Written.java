package io.millrace.yaml;

import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A value as it stands in a dataflow file, with its place. */
final class Written {
    private final Node node;
    private final String file;

    Written(Node node, String file) {
        this.node = node;
        this.file = file;
    }

    /** What a value may be. */
    enum Kind {
        NOTHING,
        TEXT,
        WHOLE_NUMBER,
        DECIMAL_NUMBER,
        BOOLEAN,
        LIST,
        MAPPING
    }

    Location location() {
        return new Location(
                file, node.getStartMark().getLine() + 1, node.getStartMark().getColumn() + 1);
    }

    Kind kind() {
        if (node instanceof ScalarNode) {
            Tag tag = node.getTag();
            if (tag.equals(Tag.NULL)) {
                return Kind.NOTHING;
            }
            if (tag.equals(Tag.BOOL)) {
                return Kind.BOOLEAN;
            }
            if (tag.equals(Tag.INT)) {
                return Kind.WHOLE_NUMBER;
            }
            return tag.equals(Tag.FLOAT) ? Kind.DECIMAL_NUMBER : Kind.TEXT;
        }
        return node instanceof SequenceNode ? Kind.LIST : Kind.MAPPING;
    }

    boolean is(Kind kind) {
        return kind() == kind;
    }

    boolean isScalar() {
        return node instanceof ScalarNode && !is(Kind.NOTHING);
    }

    /** Whether a scalar stands there without quotes. */
    boolean isPlain() {
        return node instanceof ScalarNode scalar && scalar.isPlain();
    }

    /** Whether a scalar stands there behind a {@code |}, line by line. */
    boolean isLiteralBlock() {
        return node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.LITERAL;
    }

    /** The characters of a scalar, whatever its kind. */
    String text() {
        return ((ScalarNode) node).getValue();
    }

    List<Written> items() {
        List<Written> items = new ArrayList<>();
        for (Node item : ((SequenceNode) node).getValue()) {
            items.add(new Written(item, file));
        }
        return items;
    }

    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (NodeTuple tuple : ((MappingNode) node).getValue()) {
            entries.add(new Entry(new Written(tuple.getKeyNode(), file), new Written(tuple.getValueNode(), file)));
        }
        return entries;
    }

    /** What was found, for a message. */
    String describe() {
        return switch (kind()) {
            case NOTHING -> "nothing";
            case TEXT -> "the text " + Problem.quote(text());
            case WHOLE_NUMBER, DECIMAL_NUMBER -> "the number " + text();
            case BOOLEAN -> "the boolean " + text();
            case LIST -> "a list";
            case MAPPING -> "a mapping";
        };
    }

    /** A key of a mapping with its value. */
    record Entry(Written key, Written value) {}
}
