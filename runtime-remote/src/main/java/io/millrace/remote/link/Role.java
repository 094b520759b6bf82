package io.millrace.remote.link;

import java.util.Locale;

/** What a member of a cluster is. */
public enum Role {
    MASTER(0),
    EXECUTOR(1),
    CLIENT(2);

    private final int code;

    Role(int code) {
        this.code = code;
    }

    /** In lower case, as it stands in certificates and messages. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In a hello. */
    int code() {
        return code;
    }

    /** @throws Refusal if there is none */
    static Role of(int code) {
        for (Role role : values()) {
            if (role.code == code) {
                return role;
            }
        }
        throw new Refusal("its hello has the unknown role " + code);
    }
}
