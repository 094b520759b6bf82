package io.millrace.layout;

import io.millrace.node.RetainedMessage;
import java.nio.ByteBuffer;

/** A retained message on the heap: what was forgotten is no leak. */
final class HeapCopy extends RetainedView {

    HeapCopy(ByteBuffer header, ByteBuffer body) {
        super(header, body);
    }

    @Override
    public RetainedMessage retain() {
        return new HeapCopy(valid().copyOfHeader(), body());
    }

    @Override
    protected void onRelease() {
        // The garbage collector does the rest.
    }
}
