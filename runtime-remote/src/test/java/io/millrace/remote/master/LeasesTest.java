package io.millrace.remote.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.master.Leases.Holder;
import org.junit.jupiter.api.Test;

class LeasesTest {
    private static final Holder BOAT = new Holder("boat", "boat-1");

    private final Leases leases = new Leases(10);

    @Test
    void shouldWaitForWhatAnotherLeaderHasToldUntilItIsRenewed() {
        leases.begin(BOAT, 0, 30);
        assertThat(leases.lost(29)).isEmpty();
        assertThat(leases.lost(30)).extracting(Leases.Standing::holder).containsExactly(BOAT);

        leases.heard(BOAT, 30);

        assertThat(leases.lost(39)).isEmpty();
        assertThat(leases.lost(40)).containsExactly(new Leases.Standing(BOAT, 10, 0));
    }

    @Test
    void shouldLoseWhoMayHaveBeenLetInAndIsNeverHeardOf() {
        leases.expect(BOAT, 0, 10);

        assertThat(leases.lost(10)).extracting(Leases.Standing::holder).containsExactly(BOAT);
    }

    @Test
    void shouldKeepTheLeaseOfWhoIsThereWhenAnotherMayHaveBeenLetIn() {
        leases.heard(BOAT, 5);

        leases.expect(new Holder("boat", "boat-2"), 9, 10);

        assertThat(leases.standings(10)).containsExactly(new Leases.Standing(BOAT, 5, 5));
    }
}
