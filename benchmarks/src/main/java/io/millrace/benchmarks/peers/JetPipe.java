package io.millrace.benchmarks.peers;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.jet.pipeline.BatchSource;
import com.hazelcast.jet.pipeline.Pipeline;
import com.hazelcast.jet.pipeline.SinkBuilder;
import com.hazelcast.jet.pipeline.SourceBuilder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hazelcast Jet in this JVM: source, map and sink of its pipeline API, one of each. Jet serialises what it runs, so schedule and sink are handed over aside, one pair in a
 * JVM.
 */
final class JetPipe implements Pipe {
    private static volatile @Nullable Schedule handedSchedule;
    private static volatile @Nullable Sink handedSink;

    private final long added;

    JetPipe(long added) {
        this.added = added;
    }

    @Override
    public void run(Schedule schedule, Sink sink) {
        handedSchedule = schedule;
        handedSink = sink;
        HazelcastInstance member = Hazelcast.newHazelcastInstance(alone());
        try {
            member.getJet().newJob(pipeline(added)).join();
        } finally {
            member.shutdown();
        }
    }

    private static Config alone() {
        Config config = new Config();
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "none");
        config.getJetConfig().setEnabled(true);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        return config;
    }

    private static Pipeline pipeline(long added) {
        BatchSource<Long> source = SourceBuilder.batch("schedule", context -> new Filler())
                .<Long>fillBufferFn(Filler::fill)
                .build();
        com.hazelcast.jet.pipeline.Sink<Long> sink = SinkBuilder.sinkBuilder(
                        "sink", context -> Objects.requireNonNull(handedSink))
                .<Long>receiveFn(Sink::onValue)
                .preferredLocalParallelism(1)
                .build();
        Pipeline pipeline = Pipeline.create();
        pipeline.readFrom(source)
                .map(value -> value + added)
                .setLocalParallelism(1)
                .writeTo(sink);
        return pipeline;
    }

    /** Used by Jet's thread of the source. */
    private static final class Filler {
        private static final int MOST = 1024;

        private final Schedule schedule = Objects.requireNonNull(handedSchedule);

        void fill(SourceBuilder.SourceBuffer<Long> buffer) {
            for (int i = 0; i < MOST; i++) {
                long value = schedule.next();
                if (value == Schedule.END) {
                    buffer.close();
                    return;
                }
                if (value == Schedule.NOT_YET) {
                    return;
                }
                buffer.add(value);
            }
        }
    }
}
