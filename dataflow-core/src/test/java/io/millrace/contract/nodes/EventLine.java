package io.millrace.contract.nodes;

import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeFailure;
import java.util.stream.Collectors;

/** How events are told in a report: the same words for either style of node. */
final class EventLine {
    static final String ALL_CLOSED = "all closed";
    static final String STOP = "stop";

    private EventLine() {}

    static String of(Event event) {
        return switch (event.type()) {
            case INPUT -> input(event.input(), event.message());
            case INPUT_CLOSED -> closed(event.input());
            case INPUT_RECOVERED -> "recovered " + event.input().id();
            case ALL_INPUTS_CLOSED -> ALL_CLOSED;
            case NODE_FAILED -> failed(event.failure());
            case NODE_RESTARTED -> "restarted " + event.node();
            case STOP -> STOP;
        };
    }

    static String input(Input input, Message message) {
        return "input " + input.id() + " " + message.text();
    }

    static String closed(Input input) {
        return "closed " + input.id();
    }

    static String failed(NodeFailure failure) {
        String inputs = failure.inputs().stream().map(Input::id).collect(Collectors.joining(", ", "[", "]"));
        return "failed " + failure.node() + " " + inputs + " " + failure.error();
    }
}
