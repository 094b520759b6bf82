package io.millrace.remote.topology;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The client's host is the master's as well. */
class MasterHereTest extends TopologyTrials {
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"MASTER_ELSEWHERE", "MASTER_AND_EXECUTOR_B_ELSEWHERE", "EVERYTHING_ELSEWHERE"})
    void shouldFindEachNodesFilesWhereTheTableSays(Topology topology) throws Exception {
        play(topology);
    }
}
