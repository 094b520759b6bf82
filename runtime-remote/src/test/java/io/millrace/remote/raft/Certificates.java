package io.millrace.remote.raft;

import io.millrace.remote.link.Identity;
import io.millrace.remote.link.Role;
import io.millrace.remote.link.TestAuthority;
import io.millrace.remote.tls.CredentialFiles;
import io.millrace.remote.tls.PemFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Authorities for tests, and the files of masters of the cluster 'one'. */
final class Certificates {
    private final Path folder;
    private final TestAuthority authority = authority();

    Certificates(Path folder) {
        this.folder = folder;
    }

    static TestAuthority authority() {
        return TestAuthority.create("one", Instant.now(), Duration.ofDays(2));
    }

    static Identity master(String name) {
        return Identity.of("one", Role.MASTER, name);
    }

    /** The authority that a member's files begin with. */
    TestAuthority first() {
        return authority;
    }

    /** The files of this master, which are written. */
    CredentialFiles of(String name) {
        certify(name, authority);
        trust(name, authority);
        return open(name);
    }

    /** The files of this master, as they are. */
    CredentialFiles open(String name) {
        Identity identity = master(name);
        return CredentialFiles.open(
                chain(name),
                folder.resolve(name + "-key.pem"),
                folder.resolve(name + "-authorities.pem"),
                new CredentialFiles.Holder("master", name, identity.uri().toString()));
    }

    /** Writes a new certificate and its key. */
    X509Certificate certify(String name, TestAuthority by) {
        TestAuthority.Certificate issued = by.issue(List.of(master(name)));
        write(folder.resolve(name + "-key.pem"), issued.key());
        write(chain(name), issued.chain());
        return PemFiles.certificates(chain(name), PemFiles.read("certificate", chain(name)))
                .get(0);
    }

    /** Writes whom it trusts. */
    void trust(String name, TestAuthority... authorities) {
        write(
                folder.resolve(name + "-authorities.pem"),
                Stream.of(authorities).map(each -> each.authority().trusted()).collect(Collectors.joining("\n")));
    }

    /** The file with a master's certificate. */
    Path chain(String name) {
        return folder.resolve(name + "-chain.pem");
    }

    /** A certificate for anybody. */
    X509Certificate[] chain(Identity identity) {
        Path file = folder.resolve("other.pem");
        write(file, authority.issue(List.of(identity)).chain());
        return PemFiles.certificates(file, PemFiles.read("certificate", file)).toArray(X509Certificate[]::new);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
