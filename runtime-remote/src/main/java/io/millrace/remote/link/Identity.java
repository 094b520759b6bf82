package io.millrace.remote.link;

import java.net.URI;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Who a member of a cluster says it is in each hello.
 *
 * @param cluster the cluster's name; members of others are refused
 * @param role what it is
 * @param name unique among those of its role: of an executor, its machine id
 * @param instance a UUID as text, new for each start of the process
 */
public record Identity(String cluster, Role role, String name, String instance) {
    private static final int MAX_LENGTH = 128;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]*");
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** @throws IllegalArgumentException if a name has other than 1 to 128 of {@code A-Z a-z 0-9 _ . -}, or begins with a dot */
    public Identity {
        requireName("cluster", cluster);
        Objects.requireNonNull(role, "role");
        requireName(role.text(), name);
        if (!UUID_TEXT.matcher(instance).matches()) {
            throw new IllegalArgumentException("an instance is a UUID in lower case");
        }
    }

    /** With a new random instance. */
    public static Identity of(String cluster, Role role, String name) {
        return new Identity(cluster, role, name, UUID.randomUUID().toString());
    }

    /** As it stands in a certificate: {@code millrace://CLUSTER/ROLE/NAME}. */
    public URI uri() {
        return URI.create("millrace://" + cluster + "/" + role.text() + "/" + name);
    }

    /** For people: {@code executor 'boat'}. */
    String words() {
        return role.text() + " '" + name + "'";
    }

    /** What comes from outside is not repeated: it may be anything. */
    private static void requireName(String what, String name) {
        if (name.length() > MAX_LENGTH || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the name of the " + what
                    + " is none: expected 1 to 128 of A-Z a-z 0-9 _ . - that do not begin with a dot");
        }
    }
}
