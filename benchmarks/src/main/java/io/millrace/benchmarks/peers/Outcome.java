package io.millrace.benchmarks.peers;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one JVM found.
 *
 * @param flags of that JVM
 * @param failure why there are no figures
 */
record Outcome(Map<String, Double> figures, List<String> flags, Optional<String> failure) {

    static Outcome failed(List<String> flags, String why) {
        return new Outcome(Map.of(), flags, Optional.of(why));
    }
}
