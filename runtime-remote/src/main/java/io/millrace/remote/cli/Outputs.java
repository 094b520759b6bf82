package io.millrace.remote.cli;

import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Tap;
import io.millrace.runtime.TapHandler;
import java.util.List;

/** The ends of a running dataflow that a user names. */
final class Outputs {
    private Outputs() {}

    /** @throws NoSuchThingException if there is no such output, with those that there are */
    static Tap tap(RunningDataflow running, String output, SubscribeOptions options, TapHandler handler) {
        try {
            return running.tap(List.of(output), options, handler);
        } catch (IllegalArgumentException e) { // the message names those that there are
            throw new NoSuchThingException(String.valueOf(e.getMessage()));
        }
    }

    /** @throws NoSuchThingException if no input reads the name, with those that are read */
    static Publisher publisher(RunningDataflow running, String name) {
        try {
            return running.publisher(name);
        } catch (IllegalArgumentException e) { // likewise
            throw new NoSuchThingException(String.valueOf(e.getMessage()));
        }
    }
}
