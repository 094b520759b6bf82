package io.millrace.benchmarks.links;

import io.millrace.remote.TlsFiles;
import io.millrace.remote.link.Identity;
import io.millrace.remote.link.Role;
import io.millrace.remote.link.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One certificate for all members of a cluster that is only measured, and for both ends of its yardstick. */
final class Certificates {
    static final String CLUSTER = "millrace";
    static final String CLIENT = "measuring";

    private Certificates() {}

    static void write(Path directory) throws IOException {
        TestAuthority authority = TestAuthority.create(CLUSTER, Instant.now(), Duration.ofDays(1));
        TestAuthority.Certificate all = authority.issue(List.of(
                Identity.of(CLUSTER, Role.MASTER, "m1"),
                Identity.of(CLUSTER, Role.EXECUTOR, "a"),
                Identity.of(CLUSTER, Role.EXECUTOR, "b"),
                Identity.of(CLUSTER, Role.CLIENT, CLIENT)));
        TlsFiles files = files(directory);
        Files.writeString(files.certificate(), all.chain());
        Files.writeString(files.key(), all.key());
        Files.writeString(files.authority(), all.trusted());
    }

    static TlsFiles files(Path directory) {
        return new TlsFiles(
                directory.resolve("certificate.pem"), directory.resolve("key.pem"), directory.resolve("authority.pem"));
    }
}
