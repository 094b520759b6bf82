package io.millrace.local.agent;

import java.util.List;
import java.util.Map;

/** Whom to tell when a node has failed or runs again: those that it feeds, each with the names of the inputs concerned. */
public record FailureNotices(Map<? extends Notified, List<String>> inputsByConsumer) {

    /** Before the outputs close, so that the notice is there before the consumer finds its input closed. */
    void send(String node, String error) {
        inputsByConsumer.forEach((consumer, inputs) -> consumer.postNodeFailed(node, error, inputs));
    }

    /** Before the new incarnation sends anything. */
    void sendRestarted(String node) {
        inputsByConsumer.keySet().forEach(consumer -> consumer.postNodeRestarted(node));
    }
}
