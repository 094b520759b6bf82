package io.millrace.remote.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MemoryLogGroupTest {
    @Nested
    class Contract extends MetadataLogContract {
        private @Nullable MemoryLogGroup group;

        @Override
        protected MetadataLogs logs(String name, int snapshotEvery, String... names) {
            if (group == null) {
                group = MemoryLogGroup.withSnapshots(snapshotEvery, names);
            }
            return group.member(name);
        }

        @Override
        protected void kill(MetadataLog log) {
            group.kill(log.name());
        }

        @Override
        protected void closeGroup() {
            group = null;
        }
    }

    private final MemoryLogGroup group = MemoryLogGroup.on(Runnable::run, List.of("a", "b", "c"));
    private final TestMember a = new TestMember(group.member("a"), new Words());
    private final TestMember b = new TestMember(group.member("b"), new Words());
    private final TestMember c = new TestMember(group.member("c"), new Words());

    @Test
    void shouldLetTheFirstLeadWhenAMajorityIsThere() {
        assertThat(group.leader()).contains("a");
        assertThat(c.log().leadership()).isEqualTo(new Leadership(1, java.util.Optional.of("a"), false));
    }

    @Test
    void shouldLetAnotherLeadWhenTold() throws Exception {
        a.append("one");

        group.lead("b");

        assertThat(b.append("two")).isInstanceOf(AppendResult.Applied.class);
        assertThat(a.append("three")).isEqualTo(new AppendResult.NotLeader(java.util.Optional.of("b")));
        assertThat(c.machine().words()).containsExactly("one", "two");
    }

    @Test
    void shouldLoseWhatACutLeaderAppendedWhenAnotherLeads() {
        List<AppendResult> results = new ArrayList<>();
        group.cut("a");
        a.log().append("lost".getBytes(UTF_8)).thenAccept(results::add);

        assertThat(a.leads()).isTrue();
        assertThat(b.leads()).isTrue();
        assertThat(results).isEmpty();
        group.heal("a");

        assertThat(results).containsExactly(new AppendResult.Unknown("another member leads now"));
        assertThat(a.leads()).isFalse();
        assertThat(a.machine().words()).isEmpty();
    }

    @Test
    void shouldKeepWhatALeaderAppendedWithoutAMajorityWhenTheOthersComeBack() {
        List<AppendResult> results = new ArrayList<>();
        b.log().close();
        c.log().close();
        a.log().append("waits".getBytes(UTF_8)).thenAccept(results::add);
        assertThat(results).isEmpty();

        TestMember again = new TestMember(group.member("b"), new Words());

        assertThat(results).singleElement().isInstanceOf(AppendResult.Applied.class);
        assertThat(again.machine().words()).containsExactly("waits");
    }

    @Test
    void shouldKnowOfNoLeaderWhenACutMemberNotices() {
        group.cut("a");
        group.notice("a");

        assertThat(a.log().leadership().leader()).isEmpty();
        assertThat(a.leads()).isFalse();
        group.heal("a");
        assertThat(a.log().leadership().leader()).contains("b");
    }

    @Test
    void shouldApplyAndNotSayWhenTheReplyIsLost() throws Exception {
        AppendId id = new AppendId(UUID.randomUUID(), 1);
        group.loseNextReply("a");

        assertThat(a.append(id, "word")).isInstanceOf(AppendResult.Unknown.class);
        assertThat(a.append(id, "word")).isInstanceOf(AppendResult.Applied.class);
        assertThat(a.machine().words()).containsExactly("word");
    }

    @Test
    void shouldRefuseToOpenWhatIsOpen() {
        assertThatThrownBy(() -> group.open("a", new Words(), a))
                .isInstanceOf(LogUnavailableException.class)
                .hasMessage("member 'a' of the log is open already");
        assertThatThrownBy(() -> group.open("d", new Words(), a))
                .hasMessage("the log has no member 'd', only [a, b, c]");
    }

    @Test
    void shouldRefuseToLeadWhenCut() {
        group.cut("c");

        assertThatThrownBy(() -> group.lead("c"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("member 'c' cannot lead: no majority, or not part of it");
    }
}
