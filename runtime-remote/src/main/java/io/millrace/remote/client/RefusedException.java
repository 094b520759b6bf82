package io.millrace.remote.client;

import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.Finding;
import java.util.List;

/** The masters have said no, and why. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ClientReply.Reason reason;
    private final transient List<Finding> findings;

    RefusedException(ClientReply.Reason reason, String message, List<Finding> findings) {
        super(message);
        this.reason = reason;
        this.findings = List.copyOf(findings);
    }

    public ClientReply.Reason reason() {
        return reason;
    }

    public List<Finding> findings() {
        return findings;
    }
}
