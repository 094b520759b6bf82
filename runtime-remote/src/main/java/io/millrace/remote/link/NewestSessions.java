package io.millrace.remote.link;

import io.millrace.remote.wire.EdgeSession;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The newest session of each edge that this end has received, so that older ones can be refused: a bounded number, the latest. On the event loop. */
final class NewestSessions {
    private static final int REMEMBERED = 16 * 1024;

    private final Map<EdgeName, EdgeSession> newest = new Newest();

    /** An edge of a job, whatever its epochs. */
    private record EdgeName(String jobId, String edge) {
        EdgeName(EdgeSession session) {
            this(session.jobId(), session.edge());
        }
    }

    private static final class Newest extends LinkedHashMap<EdgeName, EdgeSession> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EdgeName, EdgeSession> eldest) {
            return size() > REMEMBERED;
        }
    }

    /** @return whether it is newer than all before, which can never open any more */
    boolean remember(EdgeSession session) {
        EdgeName name = new EdgeName(session);
        EdgeSession known = newest.get(name);
        boolean isNewer = known == null || staleness(/* session= */ known, /* known= */ session) != null;
        if (isNewer) {
            newest.remove(name); // to the end of the line
            newest.put(name, session);
        }
        return isNewer;
    }

    /** The same session may begin once more. */
    void forget(EdgeSession session) {
        newest.remove(new EdgeName(session), session);
    }

    /** Why a session that the peer opens, and nobody here waits for, can never be; null if it may yet. */
    @Nullable String refusal(EdgeSession session) {
        EdgeSession known = newest.get(new EdgeName(session));
        if (known == null) {
            return null;
        }
        return known.equals(session) ? "the session is over, or with another peer" : staleness(session, known);
    }

    /** What is old about a session beside a newer one of the same edge; null if nothing, or it is another edge. */
    static @Nullable String staleness(EdgeSession session, EdgeSession known) {
        if (!new EdgeName(session).equals(new EdgeName(known))) {
            return null;
        }
        if (session.producerEpoch() < known.producerEpoch()) {
            return "the producer's epoch " + session.producerEpoch() + " is stale, here it is " + known.producerEpoch();
        }
        if (session.consumerEpoch() < known.consumerEpoch()) {
            return "the consumer's epoch " + session.consumerEpoch() + " is stale, here it is " + known.consumerEpoch();
        }
        return null;
    }
}
