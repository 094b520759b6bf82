package io.millrace.remote.raft;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** What Ratis is told of our settings, and where its own defaults do not suit us. */
final class RatisProperties {
    private static final int MIB = 1 << 20;
    private static final int BATCH_BYTES = 4 * MIB;
    private static final TimeDuration NEVER = TimeDuration.valueOf(3650, TimeUnit.DAYS);

    private RatisProperties() {}

    static RaftProperties of(RaftSettings settings, DataFolder folder) {
        RaftProperties properties = new RaftProperties();
        RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
        RaftServerConfigKeys.setStorageDir(properties, List.of(folder.raft().toFile()));
        elections(properties, settings);
        log(properties, settings);
        network(properties, settings);
        return properties;
    }

    private static void elections(RaftProperties properties, RaftSettings settings) {
        Duration longest = settings.electionTimeout();
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, time(longest.dividedBy(2)));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, time(longest));
        // Where a leader is alive, who has just started does not depose it: it asks first, and the others say no.
        Duration first = settings.isAlone() ? Duration.ofMillis(20) : longest.dividedBy(8);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, time(first));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, time(first.multipliedBy(3)));
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
        // A process that stood still may have lost the leadership without knowing. Alone there is nobody to lose it to.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
                properties, settings.isAlone() ? NEVER : time(longest));
        // Ratis would close itself when the machine wakes from sleep.
        RaftServerConfigKeys.setCloseThreshold(properties, NEVER);
    }

    private static void log(RaftProperties properties, RaftSettings settings) {
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(settings.segmentBytes()));
        RaftServerConfigKeys.Log.setPreallocatedSize(
                properties, SizeInBytes.valueOf(Math.min(MIB, settings.segmentBytes())));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(2 * settings.segmentBytes()));
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf(BATCH_BYTES + 64L * 1024));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(BATCH_BYTES));
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);

        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, settings.snapshotEvery());
        RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
        // Closing has to be quick; the log is there.
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);

        // The log refuses earlier, at its own limit.
        RaftServerConfigKeys.Write.setByteLimit(
                properties, SizeInBytes.valueOf(2L * settings.pendingBytes() + 2 * MIB));
        RaftServerConfigKeys.Write.setElementLimit(properties, 2 * RaftLog.MAX_PENDING);
        // Nothing is repeated under its number, so nothing needs to be remembered.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.ONE_SECOND);
    }

    private static void network(RaftProperties properties, RaftSettings settings) {
        GrpcConfigKeys.Server.setHost(properties, settings.bindAddress().getHostString());
        GrpcConfigKeys.Server.setPort(properties, settings.bindAddress().getPort());
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf(4L * BATCH_BYTES));
        // gRPC's shared event loops end a second after the last member, without anyone waiting; loops of its own would
        // have
        // each close wait for two.
        GrpcConfigKeys.setUseEpoll(properties, false);
    }

    private static TimeDuration time(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
