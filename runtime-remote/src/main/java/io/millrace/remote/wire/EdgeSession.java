package io.millrace.remote.wire;

/**
 * An edge between two parts under their epochs: messages are numbered from 0 in each, and nothing is lost or repeated within one.
 *
 * @param edge such as {@code camera/frame -> detector/image}
 * @param producerEpoch of the part that sends; for what a client sends, a number of its own
 * @param consumerEpoch of the part that receives; for what a client receives, a number of its own
 */
public record EdgeSession(String jobId, String edge, long producerEpoch, long consumerEpoch) {
    @Override
    public String toString() {
        return "edge '" + edge + "' of job '" + jobId + "' (" + producerEpoch + " -> " + consumerEpoch + ")";
    }
}
