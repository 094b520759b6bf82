package io.millrace.remote.master;

import io.millrace.remote.state.ClusterLimits;
import io.millrace.remote.wire.MasterAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a master needs to know besides its log and its network.
 *
 * @param name its own, the same as in the log
 * @param masters where executors and clients reach each of them, itself included
 * @param folder where it keeps artifacts
 * @param linkTimeout after which a link that is down closes its inputs
 * @param belief for how long a master may not know that another one leads
 */
public record MasterSettings(
        String name,
        List<MasterAddress> masters,
        Path folder,
        LeaseSettings leases,
        Duration linkTimeout,
        Duration belief,
        ClusterLimits limits) {
    /** @throws IllegalArgumentException if the leases do not outlast the belief, or it is not among the masters */
    public MasterSettings {
        masters = List.copyOf(masters);
        leases.requireBeyond(belief);
        if (masters.stream().noneMatch(master -> master.name().equals(name))) {
            throw new IllegalArgumentException("master '" + name + "' is not among the masters " + masters);
        }
    }
}
