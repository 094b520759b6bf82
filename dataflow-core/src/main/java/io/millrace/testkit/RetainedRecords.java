package io.millrace.testkit;

import io.millrace.layout.MessageView;
import io.millrace.layout.RetainedView;
import io.millrace.layout.Retainer;
import io.millrace.node.RetainedMessage;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the code under test retains of one input, with where it did so. Messages are retained by the test's thread, and released by any. */
final class RetainedRecords implements Retainer {
    private final String input;
    private final Set<Retained> held = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    RetainedRecords(String input) {
        this.input = input;
    }

    @Override
    public RetainedMessage retain(MessageView message) {
        ByteBuffer body = ByteBuffer.allocate(message.bodyLength());
        message.copyBody(body);
        return new Retained(message.copyOfHeader(), body);
    }

    int count() {
        return held.size();
    }

    /** @throws IllegalStateException if something was not released */
    void checkReleased() {
        Retained first = first();
        if (first != null) {
            throw new IllegalStateException(
                    "input '" + input + "': " + count()
                            + " retained messages were never released; the cause shows where one was retained",
                    first.site);
        }
    }

    private @Nullable Retained first() {
        synchronized (held) {
            return held.isEmpty() ? null : held.iterator().next();
        }
    }

    /** A copy that is scribbled over when it is released. */
    private final class Retained extends RetainedView {
        private final ByteBuffer bytes;
        private final Throwable site = new Throwable("it was retained here");

        Retained(ByteBuffer header, ByteBuffer bytes) {
            super(header, Records.readOnly(bytes));
            this.bytes = bytes;
            held.add(this);
        }

        @Override
        public RetainedMessage retain() {
            ByteBuffer copy = ByteBuffer.allocate(valid().bodyLength());
            valid().copyBody(copy);
            return new Retained(valid().copyOfHeader(), copy);
        }

        @Override
        protected void onRelease() {
            Records.scribble(bytes);
            held.remove(this);
        }
    }
}
