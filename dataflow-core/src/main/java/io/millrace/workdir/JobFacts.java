package io.millrace.workdir;

/**
 * What an executor knows about the job a node belongs to.
 *
 * @param job names this start of the dataflow among all that ever run on the executor
 * @param flowDir the flow dir as the client sent it, absolute on the client
 * @param sameFlowFile whether the executor has read, at the client's path of the dataflow file, a file with the SHA-256
 *     that the client sent; true where client and executor are one process
 */
public record JobFacts(String job, String flowDir, boolean sameFlowFile, ShippedCopies shippedCopies) {
    /** Whether the node is local to the executor: as written, else as proven. */
    boolean isLocal(NodeLocation node) {
        return node.local().orElse(sameFlowFile);
    }

    boolean isFlowDirOn(ExecutorFacts executor) {
        return executor.kind(flowDir) == FileView.Kind.DIRECTORY;
    }
}
