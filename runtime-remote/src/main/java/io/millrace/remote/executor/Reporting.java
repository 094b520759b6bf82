package io.millrace.remote.executor;

import io.millrace.remote.wire.PartReport;
import java.util.ArrayList;
import java.util.List;

/**
 * What is said of all parts in one message, which has a limit: what does not fit in full is only named, and comes first in the next message. So in time everything is told,
 * and what is told twice does no harm. Used by the agenda's thread.
 */
final class Reporting {
    /** Half of what a control message may have; a report alone may be somewhat larger. */
    static final int MESSAGE_BYTES = 8 << 20;

    private final int maxBytes;
    private int first; // to be told in full

    Reporting(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    List<PartReport> of(List<PartReport> reports) {
        List<PartReport> told = new ArrayList<>(reports);
        int begin = first < reports.size() ? first : 0;
        first = 0;
        long bytes = 0;
        boolean isFull = false;
        for (int i = 0; i < reports.size(); i++) {
            int at = (begin + i) % reports.size();
            bytes += reports.get(at).sizeBytes();
            if (!isFull && i > 0 && bytes > maxBytes) {
                isFull = true;
                first = at;
            }
            if (isFull) {
                told.set(at, reports.get(at).presence());
            }
        }
        return told;
    }
}
