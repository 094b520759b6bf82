package io.millrace.remote.link;

import java.util.Locale;

/** What a connection is for. The order is part of the protocol: a hello carries the ordinal. */
enum Purpose {
    CONTROL,
    LINK;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
