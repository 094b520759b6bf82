package io.millrace.remote.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How often messages come, and how evenly, since it was last asked. Any thread. */
final class Rhythm {
    private long sinceNs;
    private boolean hasLast;
    private long lastNs;
    private long messages;
    private long missing;
    private long bytes;
    private long intervals;
    private double sumNs;
    private double squaresNs;
    private long minNs;
    private long maxNs;

    Rhythm(long nowNs) {
        sinceNs = nowNs;
    }

    /** Time counts from now on; what was seen before counts too. */
    synchronized void begin(long nowNs) {
        sinceNs = nowNs;
    }

    /**
     * What was seen in some time.
     *
     * @param perSecond messages that were sent, those that are missing here too
     */
    record Beat(
            double seconds,
            long messages,
            long missing,
            double perSecond,
            double bytesPerSecond,
            long intervals,
            long meanNs,
            long deviationNs,
            long minNs,
            long maxNs) {
        /** One line. */
        @Override
        public String toString() {
            String line = Units.rate(perSecond) + "  " + Units.bytes(Math.round(bytesPerSecond)) + "/s  "
                    + Units.counted(messages, "message") + " in " + Units.nanos(Math.round(seconds * 1e9));
            String lost = missing == 0 ? "" : " and " + Units.count(missing) + " that were not seen here";
            return intervals == 0
                    ? line + lost
                    : line + lost + "  every " + Units.nanos(meanNs) + " +- " + Units.nanos(deviationNs) + ", from "
                            + Units.nanos(minNs) + " to " + Units.nanos(maxNs);
        }

        Map<String, @Nullable Object> toJson() {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("seconds", seconds);
            json.put("messages", messages);
            json.put("missing", missing);
            json.put("perSecond", perSecond);
            json.put("bytesPerSecond", bytesPerSecond);
            json.put("intervalMeanNs", intervals == 0 ? null : meanNs);
            json.put("intervalDeviationNs", intervals == 0 ? null : deviationNs);
            json.put("intervalMinNs", intervals == 0 ? null : minNs);
            json.put("intervalMaxNs", intervals == 0 ? null : maxNs);
            return json;
        }
    }

    /** @param sentNs when it was sent, by any clock that is always the same: how evenly messages are sent, not how evenly they are polled here */
    synchronized void onMessage(long sentNs, long missingBefore, int lengthBytes) {
        if (hasLast && missingBefore == 0) {
            long interval = Math.max(0, sentNs - lastNs);
            minNs = intervals == 0 ? interval : Math.min(minNs, interval);
            maxNs = Math.max(maxNs, interval);
            sumNs += interval;
            squaresNs += (double) interval * interval;
            intervals++;
        }
        hasLast = true;
        lastNs = sentNs;
        messages++;
        missing += missingBefore;
        bytes += lengthBytes;
    }

    /** What was seen since the one before; the next one begins. */
    synchronized Beat beat(long nowNs) {
        double seconds = Math.max(1e-9, (nowNs - sinceNs) / 1e9);
        double mean = intervals == 0 ? 0 : sumNs / intervals;
        double variance = intervals == 0 ? 0 : Math.max(0, squaresNs / intervals - mean * mean);
        Beat beat = new Beat(
                seconds,
                messages,
                missing,
                (messages + missing) / seconds,
                messages == 0 ? 0 : bytes / seconds * (messages + missing) / messages,
                intervals,
                Math.round(mean),
                Math.round(Math.sqrt(variance)),
                minNs,
                maxNs);
        sinceNs = nowNs;
        messages = 0;
        missing = 0;
        bytes = 0;
        intervals = 0;
        sumNs = 0;
        squaresNs = 0;
        maxNs = 0;
        return beat;
    }
}
