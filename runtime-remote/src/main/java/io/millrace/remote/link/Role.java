package io.millrace.remote.link;

import java.util.Locale;

/** What a member of a cluster is. The order is part of the protocol: a hello carries the ordinal. */
public enum Role {
    MASTER,
    EXECUTOR,
    CLIENT;

    /** In lower case, as it stands in certificates and messages. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
