package io.millrace.local.recording;

import io.millrace.runtime.SubscribeOptions;
import java.util.List;

/**
 * What is recorded, and what happens when the disk is slower than the dataflow.
 *
 * @param outputs outputs, edges that stand for the output they come from, or {@code millrace/app/NAME} for what the application publishes; empty for all there is
 * @param edge of each output: under backpressure, the default, the nodes wait for the recorder and nothing is missing; else they do not, and what is missing is counted
 */
public record RecorderOptions(List<String> outputs, SubscribeOptions edge) {
    /** Messages of one output that wait for the recorder, unless said: as many as there may be where messages of 512 bytes are to travel within the edge. */
    public static final int DEFAULT_QUEUE_SIZE = 512;

    /** Everything, and nothing of it missing. */
    public static final RecorderOptions DEFAULT =
            new RecorderOptions(List.of(), SubscribeOptions.backpressure(DEFAULT_QUEUE_SIZE));

    public RecorderOptions {
        outputs = List.copyOf(outputs);
    }

    /** These outputs only. */
    public RecorderOptions withOutputs(List<String> chosen) {
        return new RecorderOptions(chosen, edge);
    }

    /** The nodes never wait for the recorder: what it is too slow for is missing. */
    public RecorderOptions dropping() {
        return new RecorderOptions(outputs, SubscribeOptions.dropOldest(edge.queueSize()));
    }
}
