package io.millrace.remote.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.part.LogLine;
import io.millrace.remote.wire.Question;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class PartLogTest {
    private final PartLog log = new PartLog(2);

    private void add(String node, Level level, String text) {
        log.add(new LogLine(Instant.EPOCH, node, level, text));
    }

    private static Question.Logs after(long number) {
        return new Question.Logs(number, "", Level.TRACE);
    }

    private static List<String> texts(Question.Answer.Logs answer) {
        return answer.lines().stream().map(Question.Line::text).toList();
    }

    @Test
    void shouldTellEachLineOnceInTheOrderInWhichTheyCame() {
        add("a", Level.INFO, "one");
        add("b", Level.INFO, "two");
        Question.Answer.Logs first = log.answer(after(0));
        add("a", Level.INFO, "three");

        assertThat(texts(first)).containsExactly("one", "two");
        assertThat(texts(log.answer(after(first.last())))).containsExactly("three");
    }

    @Test
    void shouldLeaveOutOtherNodesAndLowerLevels() {
        add("a/op", Level.INFO, "info");
        add("a/op", Level.WARN, "warn");
        add("ab", Level.WARN, "other");

        assertThat(texts(log.answer(new Question.Logs(0, "a", Level.WARN)))).containsExactly("warn");
        assertThat(texts(log.answer(new Question.Logs(0, "a/op", Level.TRACE)))).containsExactly("info", "warn");
    }

    @Test
    void shouldLetTheOldestOfALoudNodeGoAndSaySoWhenItsBytesAreUsedUp() {
        add("quiet", Level.INFO, "kept");
        String text = "x".repeat(1000);
        for (int i = 0; i < 1000; i++) {
            add("loud", Level.INFO, text);
        }

        assertThat(log.bytes()).isLessThanOrEqualTo(2L * PartLog.NODE_BYTES);
        Question.Answer.Logs answer = log.answer(after(0));
        assertThat(texts(answer)).startsWith("kept");
        long held = answer.lines().size() - 1;
        assertThat(answer.writers())
                .containsExactly(
                        new Question.Answer.Writer("loud", 1000 - held, 1000),
                        new Question.Answer.Writer("quiet", 0, 1));

        add("loud", Level.INFO, text);
        assertThat(log.answer(after(answer.last())).writers())
                .as("what gave way now was told before")
                .contains(new Question.Answer.Writer("loud", 1001 - held, 1001));
    }

    @Test
    void shouldTellALogThatIsTooLargeForOneAnswerInSeveral() {
        PartLog wide = new PartLog(8);
        int count = 0;
        for (int node = 0; node < 8; node++) {
            for (int i = 0; i < 60; i++, count++) {
                wide.add(new LogLine(Instant.EPOCH, "n" + node, Level.INFO, count + "x".repeat(2000)));
            }
        }

        List<String> all = new ArrayList<>();
        Question.Answer.Logs answer = wide.answer(after(0));
        assertThat(answer.hasMore()).isTrue();
        all.addAll(texts(answer));
        while (answer.hasMore()) {
            answer = wide.answer(after(answer.last()));
            all.addAll(texts(answer));
        }
        assertThat(answer.writers())
                .allSatisfy(writer -> assertThat(writer.told()).isEqualTo(60));

        assertThat(all).hasSize(count).doesNotHaveDuplicates();
    }
}
