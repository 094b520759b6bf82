package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AgendaTest {
    private final List<String> done = new ArrayList<>();
    private long nowNs = 1000;
    private int posts;
    private final Agenda agenda = new Agenda(() -> nowNs, () -> posts++);

    private Runnable note(String what) {
        return () -> done.add(what);
    }

    private void doAll() {
        for (Runnable next = agenda.poll(); next != null; next = agenda.poll()) {
            next.run();
        }
    }

    @Test
    void shouldDoInOrderWhatWasPosted() {
        agenda.post(note("a"));
        agenda.post(note("b"));

        doAll();

        assertThat(done).containsExactly("a", "b");
        assertThat(posts).isEqualTo(2);
    }

    @Test
    void shouldDoNothingBeforeItIsDue() {
        agenda.after(100, note("late"));

        nowNs += 99;
        assertThat(agenda.poll()).isNull();
        assertThat(agenda.untilDueNs()).isEqualTo(1);
        nowNs += 1;
        assertThat(agenda.canPoll()).isTrue();
        doAll();

        assertThat(done).containsExactly("late");
    }

    @Test
    void shouldDoByTimeWhatWasAskedForInAnotherOrder() {
        agenda.after(30, note("third"));
        agenda.after(10, note("first"));
        agenda.after(20, note("second"));

        nowNs += 30;
        doAll();

        assertThat(done).containsExactly("first", "second", "third");
    }

    @Test
    void shouldDoWhatWasPostedBeforeWhatIsDueWhenItIsPolled() {
        agenda.after(0, note("due"));
        agenda.post(note("posted"));

        doAll();

        assertThat(done).containsExactly("posted", "due");
    }

    @Test
    void shouldHaveNothingToDoWhenNothingWasAskedFor() {
        assertThat(agenda.canPoll()).isFalse();
        assertThat(agenda.untilDueNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldNeverBeDueWhenTheDelayIsAsGoodAsEndless() {
        agenda.after(Long.MAX_VALUE, note("never"));

        assertThat(agenda.untilDueNs()).isEqualTo(Agenda.LONGEST_NS);
        assertThat(agenda.poll()).isNull();
    }

    @Test
    void shouldWaitUntilSomethingIsDueWhenItIsTaken() throws Exception {
        Agenda waiting = new Agenda();
        long beganNs = System.nanoTime();
        waiting.after(TimeUnit.MILLISECONDS.toNanos(5), note("due"));

        Runnable next = waiting.take();
        while (next == null) {
            next = waiting.take();
        }
        next.run();

        assertThat(done).containsExactly("due");
        assertThat(System.nanoTime() - beganNs).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
    }

    @Test
    void shouldBeWokenWhenAnotherThreadPosts() throws Exception {
        Agenda waiting = new Agenda();
        Thread other = new Thread(() -> waiting.post(note("posted")));
        other.start();

        Objects.requireNonNull(waiting.take()).run();
        other.join();

        assertThat(done).containsExactly("posted");
    }

    @Test
    void shouldDoWhatWasPostedBeforeWhatIsDueAgainAndAgain() throws InterruptedException {
        agenda.after(0, note("due"));
        agenda.post(note("posted"));

        Objects.requireNonNull(agenda.take()).run();
        Objects.requireNonNull(agenda.take()).run();

        assertThat(done).containsExactly("posted", "due");
    }
}
