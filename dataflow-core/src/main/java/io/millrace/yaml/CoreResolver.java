package io.millrace.yaml;

import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Tells text from numbers as YAML 1.2 does in its core schema, and dora with it: {@code on}, {@code yes}, {@code 1:30} and dates are
 * text.
 */
final class CoreResolver extends Resolver {
    static final CoreResolver INSTANCE = new CoreResolver();

    private static final Pattern NOTHING = Pattern.compile("~|null|Null|NULL|");
    private static final Pattern BOOLEAN = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
    private static final Pattern DECIMAL = Pattern.compile(
            "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
    /** Longer ones are no numbers that anyone means, and would be dear to look at. */
    private static final int LONGEST_NUMBER = 40;

    private CoreResolver() {}

    @Override
    public Tag resolve(NodeId kind, String value, boolean isPlain) {
        if (kind == NodeId.scalar) {
            return isPlain ? plain(value) : Tag.STR;
        }
        return kind == NodeId.sequence ? Tag.SEQ : Tag.MAP;
    }

    private static Tag plain(String value) {
        return switch (kindOf(value)) {
            case NOTHING -> Tag.NULL;
            case BOOLEAN -> Tag.BOOL;
            case WHOLE_NUMBER -> Tag.INT;
            case DECIMAL_NUMBER -> Tag.FLOAT;
            default -> Tag.STR;
        };
    }

    /** What a scalar without quotes is. */
    static Written.Kind kindOf(String value) {
        if (value.length() > LONGEST_NUMBER) {
            return Written.Kind.TEXT;
        }
        if (NOTHING.matcher(value).matches()) {
            return Written.Kind.NOTHING;
        }
        if (BOOLEAN.matcher(value).matches()) {
            return Written.Kind.BOOLEAN;
        }
        if (WHOLE.matcher(value).matches()) {
            return Written.Kind.WHOLE_NUMBER;
        }
        return DECIMAL.matcher(value).matches() ? Written.Kind.DECIMAL_NUMBER : Written.Kind.TEXT;
    }
}
