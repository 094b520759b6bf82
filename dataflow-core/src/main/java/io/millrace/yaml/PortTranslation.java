package io.millrace.yaml;

import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.InputSource;
import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import io.millrace.graph.QueuePolicy;
import io.millrace.graph.Suggestions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Inputs and outputs, with what the file says about their queues and types. */
final class PortTranslation {
    private final int defaultQueueSize;
    private final QueuePolicy defaultPolicy;
    private final Reading reading;

    PortTranslation(int defaultQueueSize, QueuePolicy defaultPolicy, Reading reading) {
        this.defaultQueueSize = defaultQueueSize;
        this.defaultPolicy = defaultPolicy;
        this.reading = reading;
    }

    /** @param owner a node or operator */
    List<GraphInput> inputs(Fields owner) {
        Map<String, Located<Fields>> written = owner.get(DataflowSchema.INPUTS, Map.of());
        Map<String, Located<String>> types = owner.get(DataflowSchema.INPUT_TYPES, Map.of());
        warnOfUnknownPorts("input_types", types, "an input", written.keySet());
        List<GraphInput> inputs = new ArrayList<>();
        for (Map.Entry<String, Located<Fields>> entry : written.entrySet()) {
            String id = entry.getKey();
            Optional<InputSource> source = source(id, entry.getValue().value());
            if (source.isPresent()) {
                inputs.add(input(id, source.get(), entry.getValue(), Optional.ofNullable(types.get(id))));
            }
        }
        return inputs;
    }

    private Optional<InputSource> source(String id, Fields input) {
        Optional<String> text = input.get(DataflowSchema.SOURCE);
        if (text.isEmpty()) {
            if (!input.isWritten(DataflowSchema.SOURCE)) {
                reading.error(input.location(), "input " + Problem.quote(id) + " has no 'source'");
            }
            return Optional.empty();
        }
        try {
            return Optional.of(InputSource.parse(text.get()));
        } catch (IllegalArgumentException e) {
            reading.error(
                    input.valueLocation(DataflowSchema.SOURCE), "input " + Problem.quote(id) + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private GraphInput input(String id, InputSource source, Located<Fields> located, Optional<Located<String>> type) {
        Fields input = located.value();
        QueuePolicy policy = input.get(DataflowSchema.QUEUE_POLICY, defaultPolicy);
        return new GraphInput(
                id,
                source,
                policy,
                queueSize(id, input, policy),
                input.isWritten(DataflowSchema.QUEUE_SIZE) || input.isWritten(DataflowSchema.QUEUE_POLICY),
                input.get(DataflowSchema.INPUT_TIMEOUT),
                type.map(Located::value),
                located.location());
    }

    private int queueSize(String id, Fields input, QueuePolicy policy) {
        if (policy != QueuePolicy.LATEST) {
            return input.get(DataflowSchema.QUEUE_SIZE, defaultQueueSize);
        }
        if (input.get(DataflowSchema.QUEUE_SIZE, 1) != 1) {
            reading.error(
                    input.keyLocation(DataflowSchema.QUEUE_SIZE),
                    "input " + Problem.quote(id) + " has queue_policy latest, which keeps one message: leave queue_size"
                            + " out, or choose drop_oldest");
        }
        return 1;
    }

    /** @param owner a node or operator */
    List<GraphOutput> outputs(Fields owner) {
        List<Located<String>> written = owner.get(DataflowSchema.OUTPUTS, List.of());
        Map<String, Located<String>> types = owner.get(DataflowSchema.OUTPUT_TYPES, Map.of());
        Set<String> ids = new LinkedHashSet<>();
        for (Located<String> output : written) {
            ids.add(output.value());
        }
        owner.get(DataflowSchema.SEND_STDOUT_AS).ifPresent(ids::add);
        owner.get(DataflowSchema.SEND_LOGS_AS).ifPresent(ids::add);
        warnOfUnknownPorts("output_types", types, "an output", ids);
        warnOfUnknownPorts("output_metadata", owner.get(DataflowSchema.OUTPUT_METADATA, Map.of()), "an output", ids);
        List<GraphOutput> outputs = new ArrayList<>();
        for (Located<String> output : written) {
            outputs.add(output(output.value(), types, output.location()));
            ids.remove(output.value());
        }
        for (String implied : ids) { // by send_stdout_as or send_logs_as
            outputs.add(output(implied, types, owner.location()));
        }
        return outputs;
    }

    private static GraphOutput output(String id, Map<String, Located<String>> types, Location location) {
        return new GraphOutput(id, Optional.ofNullable(types.get(id)).map(Located::value), location);
    }

    private <T> void warnOfUnknownPorts(
            String key, Map<String, Located<T>> entries, String kind, Collection<String> ids) {
        for (Map.Entry<String, Located<T>> entry : entries.entrySet()) {
            String id = entry.getKey();
            if (!ids.contains(id)) {
                reading.problems()
                        .warning(
                                entry.getValue().location(),
                                () -> "'" + key + "' names " + Problem.quote(id) + ", which is not " + kind + " among "
                                        + Suggestions.list(ids) + Suggestions.didYouMean(id, ids));
            }
        }
    }
}
