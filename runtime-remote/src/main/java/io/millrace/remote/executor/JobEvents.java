package io.millrace.remote.executor;

import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.JobEvent;
import io.millrace.runtime.DataflowEvent;
import java.util.Optional;

/** Events of a part as they travel. */
final class JobEvents {
    private JobEvents() {}

    /** Empty for what concerns the part alone: the job's own state is the masters'. */
    static Optional<JobEvent> of(DataflowEvent event) {
        if (event instanceof DataflowEvent.NodeStateChanged changed) {
            return Optional.of(new JobEvent.NodeStateChanged(changed.node(), changed.state()));
        }
        if (event instanceof DataflowEvent.NodeFailed failed) {
            return Optional.of(new JobEvent.NodeFailed(FailureRecord.of(failed.node(), failed.error())));
        }
        if (event instanceof DataflowEvent.NodeRestarted restarted) {
            return Optional.of(new JobEvent.NodeRestarted(restarted.node(), restarted.incarnation()));
        }
        if (event instanceof DataflowEvent.NodeStuck stuck) {
            return Optional.of(
                    new JobEvent.NodeStuck(stuck.node(), stuck.stuckFor().toNanos(), Answers.frames(stuck.stack())));
        }
        if (event instanceof DataflowEvent.FirstDrop drop) {
            return Optional.of(new JobEvent.FirstDrop(drop.edge()));
        }
        return Optional.empty();
    }
}
