package io.millrace.remote.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every kind of log does. */
public abstract class MetadataLogContract {
    private static final int NEVER = 1_000_000;

    private final Map<String, TestMember> members = new LinkedHashMap<>();

    /** How to open the member of that name in the group; those of one test share what they store. */
    protected abstract MetadataLogs logs(String name, int snapshotEvery, String... names);

    /** Ends a member without any farewell to the others. */
    protected abstract void kill(MetadataLog log);

    /** Whatever is left of the group. */
    protected abstract void closeGroup();

    @AfterEach
    void closeAll() {
        members.values().parallelStream().forEach(member -> kill(member.log()));
        closeGroup();
    }

    @Test
    void shouldLeadItselfWhenAlone() throws Exception {
        TestMember alone = open("a", NEVER, "a").awaitLeading();

        AppendResult result = alone.append("hello");

        assertThat(result).isInstanceOfSatisfying(AppendResult.Applied.class, applied -> {
            assertThat(applied.reply()).asString(UTF_8).isEqualTo("1:hello");
            assertThat(applied.index()).isPositive();
        });
        assertThat(alone.log().leadership().leader()).contains("a");
        assertThat(alone.log().name()).isEqualTo("a");
    }

    @Test
    void shouldApplyInOneOrderOnEveryMemberWhenAppended() throws Exception {
        openThree(NEVER);

        List<String> words = append(20);

        members.values().forEach(member -> member.awaitWords(words));
    }

    @Test
    void shouldNameTheLeaderWhenAppendedElsewhere() throws Exception {
        openThree(NEVER);
        TestMember leader = leader();
        TestMember other = others(leader).get(0);
        TestMember.soon().until(() -> other.log().leadership().leader().isPresent());

        AppendResult result = other.append("hello");

        assertThat(result)
                .isInstanceOfSatisfying(
                        AppendResult.NotLeader.class,
                        elsewhere -> assertThat(elsewhere.leader())
                                .contains(leader.log().name()));
    }

    @Test
    void shouldLoseNothingAcknowledgedWhenTheLeaderIsKilled() throws Exception {
        openThree(NEVER);
        List<String> words = append(10);
        TestMember first = leader();

        kill(remove(first));
        List<String> more = append(10);

        words.addAll(more);
        assertThat(members).hasSize(2);
        members.values().forEach(member -> member.awaitWords(words));
    }

    @Test
    void shouldElectAnotherInALaterTermWhenTheLeaderCloses() throws Exception {
        openThree(NEVER);
        TestMember first = leader();
        long term = first.log().leadership().term();

        remove(first).close();

        TestMember second = leader();
        assertThat(second.log().leadership().term()).isGreaterThan(term);
        assertThat(second.heard())
                .last()
                .satisfies(last -> assertThat(last.own()).isTrue());
        assertThat(first.log().leadership().own()).isFalse();
        assertThat(first.append("too late")).isInstanceOf(AppendResult.Refused.class);
    }

    @Test
    void shouldHaveWhatItHadWhenOpenedAgain() throws Exception {
        open("a", NEVER, "a").awaitLeading();
        List<String> words = append(30);

        kill(remove(leader()));
        TestMember again = open("a", NEVER, "a").awaitLeading();

        assertThat(again.machine().words()).isEqualTo(words);
        assertThat(again.append("more"))
                .isInstanceOfSatisfying(
                        AppendResult.Applied.class,
                        applied -> assertThat(applied.reply()).asString(UTF_8).isEqualTo("31:more"));
    }

    @Test
    void shouldRestoreASnapshotAndTheEntriesAfterItWhenOpenedAgain() throws Exception {
        TestMember before = open("a", 20, "a").awaitLeading();
        List<String> words = append(50);
        TestMember.soon().until(() -> before.machine().snapshots() > 0);

        remove(before).close();
        TestMember again = open("a", 20, "a").awaitLeading();

        assertThat(again.machine().words()).isEqualTo(words);
        assertThat(again.machine().restored()).isPositive();
    }

    @Test
    void shouldGetASnapshotWhenOpenedAfterTheOthersHaveDroppedTheirEntries() throws Exception {
        open("a", 20, "a", "b", "c");
        open("b", 20, "a", "b", "c");
        List<String> words = append(300);

        TestMember late = open("c", 20, "a", "b", "c");

        late.awaitWords(words);
        assertThat(late.machine().restored()).isPositive();
        words.addAll(append(5));
        late.awaitWords(words);
    }

    @Test
    void shouldCatchUpWhenItWasAway() throws Exception {
        openThree(NEVER);
        List<String> words = append(5);
        TestMember away = others(leader()).get(0);
        String name = away.log().name();
        kill(remove(away));
        words.addAll(append(5));

        TestMember back = open(name, NEVER, "a", "b", "c");

        back.awaitWords(words);
    }

    @Test
    void shouldApplyOnceWhenAnAppendIsRepeated() throws Exception {
        openThree(NEVER);
        AppendId id = new AppendId(UUID.randomUUID(), 1);
        AppendResult.Applied first = (AppendResult.Applied) leader().append(id, "once");

        AppendResult.Applied second = (AppendResult.Applied) leader().append(id, "once");
        remove(leader()).close();
        AppendResult.Applied third = (AppendResult.Applied) leader().append(id, "once");
        AppendResult.Applied other = (AppendResult.Applied) leader().append(new AppendId(id.origin(), 2), "twice");

        assertThat(List.of(second.index(), third.index())).containsOnly(first.index());
        assertThat(List.of(second.reply(), third.reply()))
                .allSatisfy(reply -> assertThat(reply).asString(UTF_8).isEqualTo("1:once"));
        assertThat(other.reply()).asString(UTF_8).isEqualTo("2:twice");
        members.values().forEach(member -> member.awaitWords(List.of("once", "twice")));
    }

    @Test
    void shouldKnowWhatWasAppliedWhenRestoredFromASnapshot() throws Exception {
        TestMember before = open("a", 20, "a").awaitLeading();
        AppendId id = new AppendId(UUID.randomUUID(), 7);
        AppendResult.Applied first = (AppendResult.Applied) before.append(id, "once");
        List<String> words = new ArrayList<>(List.of("once"));
        words.addAll(append(100));
        TestMember.soon().until(() -> before.machine().snapshots() > 0);

        remove(before).close();
        TestMember again = open("a", 20, "a").awaitLeading();
        AppendResult.Applied second = (AppendResult.Applied) again.append(id, "once");

        assertThat(again.machine().restored()).isPositive();
        assertThat(second.index()).isEqualTo(first.index());
        assertThat(again.machine().words()).isEqualTo(words);
    }

    @Test
    void shouldKeepTheOrderOfOneAppenderWhenManyArePending() throws Exception {
        TestMember leader = open("a", NEVER, "a").awaitLeading();
        List<String> words = IntStream.range(0, 2_000).mapToObj(i -> "w" + i).toList();
        List<CompletionStage<AppendResult>> results = new ArrayList<>();

        for (String word : words) {
            results.add(leader.log().append(word.getBytes(UTF_8)));
        }

        for (CompletionStage<AppendResult> each : results) {
            assertThat(each.toCompletableFuture().get(60, TimeUnit.SECONDS)).isInstanceOf(AppendResult.Applied.class);
        }
        assertThat(leader.machine().words()).isEqualTo(words);
    }

    @Test
    void shouldTakeTheLongestEntryAndRefuseALongerOne() throws Exception {
        TestMember leader = open("a", NEVER, "a").awaitLeading();

        AppendResult longest = leader.log()
                .append(new byte[MetadataLog.MAX_ENTRY_BYTES])
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);

        assertThat(longest).isInstanceOf(AppendResult.Applied.class);
        assertThatThrownBy(() -> leader.log().append(new byte[MetadataLog.MAX_ENTRY_BYTES + 1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an entry of 1048577 bytes: a log takes 1048576 at the most");
    }

    @Test
    void shouldStopOneMemberAndNotTheOthersWhenItsMachineThrows() throws Exception {
        open("a", NEVER, "a", "b", "c");
        open("b", NEVER, "a", "b", "c");
        TestMember frail = new TestMember(logs("c", NEVER, "a", "b", "c"), new Words(true));
        members.put("c", frail);
        List<String> words = append(3);
        frail.awaitWords(words);

        words.add(Words.POISON);
        appendAnywhere(Words.POISON);

        assertThat(frail.whyStopped())
                .startsWith("the state machine failed in applying entry ")
                .contains("poisoned");
        assertThat(frail.append("more")).isInstanceOf(AppendResult.Refused.class);
        members.remove("c").log().close();
        words.addAll(append(3));
        members.values().forEach(member -> member.awaitWords(words));
        assertThat(frail.machine().words()).hasSize(3);
    }

    @Test
    void shouldHearOfLeadershipWithTermsThatGrow() throws Exception {
        openThree(NEVER);
        append(1);
        remove(leader()).close();
        append(1);

        for (TestMember member : members.values()) {
            List<Leadership> heard = member.heard();
            assertThat(heard).extracting(Leadership::term).isSorted();
            assertThat(heard).doesNotHaveDuplicates();
        }
    }

    private void openThree(int snapshotEvery) {
        for (String name : List.of("a", "b", "c")) {
            open(name, snapshotEvery, "a", "b", "c");
        }
    }

    private TestMember open(String name, int snapshotEvery, String... names) {
        TestMember member = new TestMember(logs(name, snapshotEvery, names), new Words());
        members.put(name, member);
        return member;
    }

    private MetadataLog remove(TestMember member) {
        members.values().remove(member);
        return member.log();
    }

    private TestMember leader() {
        TestMember.soon().until(() -> members.values().stream().anyMatch(TestMember::leads));
        return members.values().stream().filter(TestMember::leads).findFirst().orElseThrow();
    }

    private List<TestMember> others(TestMember leader) {
        return members.values().stream().filter(member -> member != leader).toList();
    }

    /** Appends words that were not there before, through whoever leads, and returns those that were acknowledged: all of them. */
    private List<String> append(int count) throws Exception {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String word = UUID.randomUUID().toString();
            appendAnywhere(word);
            words.add(word);
        }
        return words;
    }

    /** An append that is not acknowledged is repeated with the same id: so the word is there once. */
    private void appendAnywhere(String word) throws Exception {
        AppendId id = new AppendId(UUID.randomUUID(), 1);
        TestMember.soon().until(() -> leader().append(id, word) instanceof AppendResult.Applied);
    }
}
