package io.millrace.contract.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Logs what it is told: each message is {@code LEVEL WORDS}, or {@code elsewhere LEVEL WORDS} for a thread of its own, or {@code burst N} for so many at level {@code
 * info}, or {@code fail}. Sends {@code done} on its output {@code report}, if it has one, after each. Config {@code logs_all_its_life}: whether it logs in open and close, too.
 */
public final class Chatter implements Operator {
    private @Nullable NodeContext context;
    private boolean logsAllItsLife;

    @Override
    public void open(NodeContext opened) {
        context = opened;
        logsAllItsLife = opened.config().flag("logs_all_its_life", false);
        if (logsAllItsLife) {
            opened.logger().info("open");
        }
    }

    @Override
    public void onInput(Input input, Message message) throws InterruptedException {
        String[] words = message.text().split(" ", 2);
        switch (words[0]) {
            case "elsewhere" -> {
                Thread thread = new Thread(() -> log(words[1]), "elsewhere");
                thread.start();
                thread.join();
            }
            case "burst" -> {
                for (int number = 0; number < Integer.parseInt(words[1]); number++) {
                    context.logger().info("number {}", number);
                }
            }
            case "fail" -> throw new IllegalStateException("chatter was told to fail");
            case "throw" -> context.logger().error("it broke: {}", words[1], new IllegalStateException("on purpose"));
            default -> log(message.text());
        }
        if (!context.outputs().isEmpty()) {
            context.output("report").send("done");
        }
    }

    private void log(String text) {
        String[] words = text.split(" ", 2);
        context.logger()
                .atLevel(Level.valueOf(words[0].toUpperCase(Locale.ROOT)))
                .log("{}", words[1]);
    }

    @Override
    public void close() {
        if (logsAllItsLife) {
            context.logger().info("close");
        }
    }
}
