package io.millrace.remote.topology;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The master is on another host than the client. */
class MasterElsewhereTest extends TopologyTrials {
    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"MASTER_ELSEWHERE", "MASTER_AND_EXECUTOR_B_ELSEWHERE", "EVERYTHING_ELSEWHERE"})
    void shouldFindEachNodesFilesWhereTheTableSays(Topology topology) throws Exception {
        play(topology);
    }
}
