package io.millrace.yaml;

import io.millrace.graph.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A node or operator has exactly one source, and only keys that go with it. */
final class SourceCheck {
    /** Refused keys that are a node's source, so that it needs no other, and nothing is known of its ports. */
    private static final Set<String> REFUSED_SOURCES = Set.of("hub", "module", "ros2", "wasm");

    private static final List<Key<?>> SOURCES_OF_NODES =
            List.of(DataflowSchema.CLASS, DataflowSchema.PATH, DataflowSchema.ONE_OPERATOR, DataflowSchema.OPERATORS);

    private static final List<Key<?>> SOURCES_OF_OPERATORS =
            List.of(DataflowSchema.CLASS, DataflowSchema.PYTHON, DataflowSchema.SHARED_LIBRARY);

    /** What belongs to the code itself: in a node made of operators, to each of these. */
    private static final List<Key<?>> KEYS_OF_CODE = List.of(
            DataflowSchema.INPUTS,
            DataflowSchema.OUTPUTS,
            DataflowSchema.INPUT_TYPES,
            DataflowSchema.OUTPUT_TYPES,
            DataflowSchema.OUTPUT_METADATA,
            DataflowSchema.PATTERN,
            DataflowSchema.BUILD,
            DataflowSchema.SEND_STDOUT_AS,
            DataflowSchema.SEND_LOGS_AS,
            DataflowSchema.MIN_LOG_LEVEL,
            DataflowSchema.MAX_LOG_SIZE,
            DataflowSchema.MAX_ROTATED_FILES);

    private final Fields owner;
    private final Reading reading;

    private SourceCheck(Fields owner, Reading reading) {
        this.owner = owner;
        this.reading = reading;
    }

    /** Whether the source is one that is not supported, so that the rest of the node means little. */
    static boolean isRefused(Fields owner) {
        return !Collections.disjoint(owner.refused().keySet(), REFUSED_SOURCES);
    }

    static void checkNode(Fields node, Reading reading) {
        SourceCheck check = new SourceCheck(node, reading);
        if (isRefused(node)) {
            check.checkBesideModule();
            return;
        }
        check.checkOneOf(SOURCES_OF_NODES, "the node");
        check.checkCompanions();
        if (!node.isWritten(DataflowSchema.PATH)) {
            check.refuse(DataflowSchema.ARGS, "goes with a 'path', which is not written");
        }
        check.checkBesideOperators();
    }

    static void checkOperator(Fields operator, Reading reading) {
        SourceCheck check = new SourceCheck(operator, reading);
        if (!isRefused(operator)) {
            check.checkOneOf(SOURCES_OF_OPERATORS, "the operator");
            check.checkCompanions();
        }
    }

    private void checkOneOf(List<Key<?>> sources, String what) {
        List<Key<?>> written = new ArrayList<>();
        for (Key<?> source : sources) {
            if (owner.isWritten(source)) {
                written.add(source);
            }
        }
        if (written.size() > 1) {
            written.sort(Comparator.comparing(owner::keyLocation));
            reading.error(
                    owner.keyLocation(written.get(1)),
                    named(what) + " has " + quoted(written, " and ")
                            + ", but a node or operator has one source: keep one");
        } else if (written.isEmpty() && owner.isWritten(DataflowSchema.CUSTOM)) {
            // One that could not be read at all was reported already.
            owner.get(DataflowSchema.CUSTOM)
                    .ifPresent(custom ->
                            reading.error(owner.keyLocation(DataflowSchema.CUSTOM), "'custom' has no 'source'"));
        } else if (written.isEmpty()) {
            reading.error(owner.location(), named(what) + " has no source: give it one of " + quoted(sources, ", "));
        }
    }

    private String named(String what) {
        return what
                + owner.get(DataflowSchema.ID)
                        .map(id -> " " + Problem.quote(id))
                        .orElse("");
    }

    private String quoted(List<Key<?>> keys, String separator) {
        return keys.stream().map(key -> "'" + owner.writtenAs(key) + "'").collect(Collectors.joining(separator));
    }

    private void checkCompanions() {
        if (!owner.isWritten(DataflowSchema.CLASS)) {
            refuse(DataflowSchema.CLASSPATH, "goes with a 'class', which is not written");
            refuse(DataflowSchema.CONFIG, "goes with a 'class', which is not written");
        }
    }

    /** A module's nodes are built, not the module. */
    private void checkBesideModule() {
        if (owner.refused().containsKey("module")) {
            for (Key<?> key : List.of(DataflowSchema.PATH, DataflowSchema.ARGS, DataflowSchema.BUILD)) {
                refuse(key, "does not belong beside 'module'");
            }
        }
    }

    private void checkBesideOperators() {
        Key<?> operators =
                owner.isWritten(DataflowSchema.OPERATORS) ? DataflowSchema.OPERATORS : DataflowSchema.ONE_OPERATOR;
        if (owner.isWritten(operators)) {
            KEYS_OF_CODE.stream()
                    .filter(key -> !isEmpty(key))
                    .forEach(key ->
                            refuse(key, "beside '" + operators.name() + "' has no effect: move it into the operator"));
        }
    }

    private boolean isEmpty(Key<?> key) {
        Object value = owner.get(key).map(Object.class::cast).orElse(key);
        return value.equals(List.of()) || value.equals(Map.of());
    }

    private void refuse(Key<?> key, String why) {
        if (owner.isWritten(key)) {
            reading.error(owner.keyLocation(key), "'" + owner.writtenAs(key) + "' " + why);
        }
    }
}
