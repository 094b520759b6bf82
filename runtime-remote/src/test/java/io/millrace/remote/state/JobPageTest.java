package io.millrace.remote.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class JobPageTest {
    private static final int ENOUGH = 1 << 20;

    private final ModelCluster cluster = ModelCluster.of("a");

    private void submitted(int jobs) {
        for (int i = 0; i < jobs; i++) {
            cluster.submit("job" + i, "id: n, class: x.N");
        }
        cluster.settle();
    }

    @Test
    void shouldGiveAllOnOnePageWhenThereIsRoom() {
        submitted(3);

        ClusterState.JobPage page = cluster.state.jobPage(0, ENOUGH);

        assertThat(page.jobs()).extracting(JobView::name).containsExactly("job0", "job1", "job2");
        assertThat(page.jobs().get(0).parts()).isEqualTo(cluster.job("job0").parts());
        assertThat(page.jobs().get(0).history()).isEmpty();
        assertThat(page.next()).isEmpty();
    }

    @Test
    void shouldGiveEachJobOnceOverAsManyPagesAsItTakes() {
        submitted(7);
        int two = 2 * cluster.state.jobPage(0, ENOUGH).jobs().get(0).sizeBytes();
        List<Integer> sizes = new ArrayList<>();
        List<String> names = new ArrayList<>();

        for (OptionalLong next = OptionalLong.of(0); next.isPresent(); ) {
            ClusterState.JobPage page = cluster.state.jobPage(next.getAsLong(), two);
            page.jobs().forEach(job -> names.add(job.name()));
            sizes.add(page.jobs().size());
            next = page.next();
        }

        assertThat(names).containsExactly("job0", "job1", "job2", "job3", "job4", "job5", "job6");
        assertThat(sizes).containsExactly(2, 2, 2, 1);
    }

    @Test
    void shouldGiveAJobThatTakesMoreThanAPage() {
        submitted(2);

        assertThat(cluster.state.jobPage(0, 1).jobs()).hasSize(1);
    }

    @Test
    void shouldCountJobsByState() {
        submitted(2);
        cluster.apply(new ClusterEntry.StopJob(cluster.nowMs, "job0", 0));
        cluster.settle();

        assertThat(cluster.state.jobCounts())
                .containsExactlyInAnyOrderEntriesOf(Map.of(JobState.RUNNING, 1L, JobState.STOPPED, 1L));
    }
}
