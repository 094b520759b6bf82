package io.millrace.remote.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The three files that a member proves with who it is, and the credentials that they hold now: whoever begins a connection asks for them. They are read again when a file has changed. If they cannot
 * be used then, those from before stay in use, and the log says so once. Thread-safe.
 */
public final class CredentialFiles {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialFiles.class);
    private static final int SHOWN = 3;

    private final Path chain;
    private final Path key;
    private final Path trusted;
    private final Holder holder;

    // Under the lock.
    private List<Object> stamps;
    private Credentials current;

    /**
     * Whose they are.
     *
     * @param role for people: {@code master}
     * @param name for people: {@code m1}
     * @param uri the subject alternative name that the certificate needs
     */
    public record Holder(String role, String name, String uri) {}

    private CredentialFiles(Path chain, Path key, Path trusted, Holder holder) {
        this.chain = chain;
        this.key = key;
        this.trusted = trusted;
        this.holder = holder;
        stamps = stamps();
        current = read();
    }

    /**
     * Reads the files. Blocks for that.
     *
     * @param chain PEM: the own certificate first, then those that lead to the authority
     * @param key PEM: the private key, PKCS #8, not encrypted
     * @param trusted PEM: the authorities whose certificates are accepted
     * @throws CredentialsException if they cannot be used, or are for somebody else
     */
    public static CredentialFiles open(Path chain, Path key, Path trusted, Holder holder) {
        return new CredentialFiles(chain, key, trusted, holder);
    }

    /**
     * Looks at the files, and reads them if one has changed: blocks for that at most. The same object as long as they are the same. Files that are replaced one after the other do not fit each other for
     * a moment: what was read before stays until they do.
     */
    public synchronized Credentials current() {
        List<Object> now = stamps();
        if (!now.equals(stamps)) {
            stamps = now;
            try {
                current = read();
                LOG.info(
                        "read the certificates of {} '{}' again: '{}' has changed",
                        holder.role(),
                        holder.name(),
                        chain);
            } catch (CredentialsException e) {
                LOG.warn(
                        "the certificates have changed and cannot be used, those from before stay: {}", e.getMessage());
            }
        }
        return current;
    }

    private Credentials read() {
        List<X509Certificate> own = PemFiles.certificates(chain, PemFiles.read("certificate", chain));
        PrivateKey ownKey = PemFiles.key(
                key, PemFiles.read("private key", key), chain, own.get(0).getPublicKey());
        List<X509Certificate> authorities =
                PemFiles.certificates(trusted, PemFiles.read("trusted authorities", trusted));
        requireOwn(own.get(0));
        return new Credentials(own, ownKey, authorities);
    }

    private void requireOwn(X509Certificate own) {
        List<String> names = names(own);
        if (!names.contains(holder.uri())) {
            throw new CredentialsException("the certificate '" + chain + "' is not for this " + holder.role()
                    + ": expected the subject alternative name " + holder.uri() + ", found "
                    + (names.isEmpty()
                            ? "nobody of a cluster"
                            : names.stream().limit(SHOWN).collect(Collectors.joining(", "))));
        }
        Instant end = own.getNotAfter().toInstant();
        if (Instant.now().isAfter(end)) {
            throw new CredentialsException(
                    "the certificate '" + chain + "' has expired at " + end + ": give it a new one");
        }
    }

    private List<String> names(X509Certificate own) {
        try {
            return UriNames.of(own);
        } catch (CertificateParsingException e) {
            throw new CredentialsException("the names in the certificate '" + chain + "' cannot be read", e);
        }
    }

    /** What changes with a file; its absence too. */
    private List<Object> stamps() {
        List<Object> stamps = new ArrayList<>();
        for (Path file : List.of(chain, key, trusted)) {
            try {
                BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.add(List.of(is.lastModifiedTime(), is.size(), String.valueOf(is.fileKey())));
            } catch (IOException e) {
                stamps.add("unreadable");
            }
        }
        return stamps;
    }

    /** Where they are. */
    @Override
    public String toString() {
        return "CredentialFiles[" + chain + ", " + key + ", " + trusted + "]";
    }
}
