package io.millrace.remote.link;

import java.util.Locale;

/** What a connection is for. */
enum Purpose {
    CONTROL(0),
    LINK(1);

    private final int code;

    Purpose(int code) {
        this.code = code;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In a hello. */
    int code() {
        return code;
    }

    /** @throws Refusal if there is none */
    static Purpose of(int code) {
        for (Purpose purpose : values()) {
            if (purpose.code == code) {
                return purpose;
            }
        }
        throw new Refusal("its hello has the unknown purpose " + code);
    }
}
