package io.millrace.graph;

import java.util.List;
import java.util.Map;

/**
 * What the client's variables make of a node's paths, for a node of a cluster that does not say whether it is {@code local}: its paths stay as they are written, who
 * finds that it is local takes these texts instead, and anybody else expands the written ones.
 *
 * @param texts by the text as written, for those that name variables; without those that have faults
 * @param faults which count only where the node is local
 */
public record ClientExpansion(Map<String, String> texts, List<Fault> faults) {
    /** Of a node whose paths name no variables, or are expanded already, or are another's to expand. */
    public static final ClientExpansion NONE = new ClientExpansion(Map.of(), List.of());

    public ClientExpansion {
        texts = Map.copyOf(texts);
        faults = List.copyOf(faults);
    }

    public boolean isEmpty() {
        return texts.isEmpty() && faults.isEmpty();
    }

    /** The faults as errors, each once. */
    public List<Problem> problems() {
        return faults.stream()
                .map(fault -> Problem.error(fault.location(), fault.text()))
                .distinct()
                .toList();
    }

    /** What is wrong with a text at a place. No {@link Problem} yet, which is for reading and not for travelling. */
    public record Fault(Location location, String text) {}
}
