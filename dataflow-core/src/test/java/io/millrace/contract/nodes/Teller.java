package io.millrace.contract.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Answers a question, the text of a message, about what its context says; leaves a timer unanswered. */
public final class Teller implements Operator {
    private NodeContext context;

    @Override
    public void open(NodeContext opened) {
        context = opened;
    }

    @Override
    public void onInput(Input input, Message message) {
        if (message.length() > 0) {
            context.output("report").send(answer(message.text()));
        }
    }

    private String answer(String question) {
        return switch (question) {
            case "names" ->
                context.dataflow() + " " + context.nodeId() + " '" + context.operatorId() + "' "
                        + context.incarnation();
            case "directory" -> "absolute " + context.workingDirectory().isAbsolute();
            case "config" -> new TreeMap<>(context.config().asMap()).toString();
            case "env" -> new TreeMap<>(context.env()).toString();
            case "inputs" ->
                context.inputs().stream()
                        .map(in ->
                                in.index() + " " + in.id() + " " + in.name() + " " + in.source() + " " + in.isClosed())
                        .collect(Collectors.joining(", "));
            case "outputs" ->
                context.outputs().stream()
                        .map(out -> out.id() + " " + out.name())
                        .collect(Collectors.joining(", "));
            case "same" ->
                "same " + (context.input("in") == context.inputs().get(0)) + " "
                        + (context.outputs().contains(context.output("report")));
            case "unknown input" -> complaint(() -> context.input("nowhere"));
            case "unknown output" -> complaint(() -> context.output("nowhere"));
            case "poll" -> complaint(context::poll);
            case "next" -> complaint(context::next);
            default -> "no answer to '" + question + "'";
        };
    }

    private static String complaint(Runnable call) {
        try {
            call.run();
            return "no complaint";
        } catch (IllegalArgumentException | IllegalStateException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }
}
