package io.millrace.remote.link;

import io.millrace.remote.tls.CredentialsException;
import io.millrace.remote.tls.PemFiles;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A certificate authority to try mutual TLS with: its key lies beside what it has issued, and who reads it can be everybody. Needs {@code io.netty:netty-pkitesting}, which an application brings
 * itself.
 */
public final class TestAuthority {
    /** For clocks that are not quite right. */
    private static final Duration BEFORE = Duration.ofHours(1);

    private final X509Bundle bundle;
    private final Instant from;
    private final Instant until;

    private TestAuthority(X509Bundle bundle, Instant from, Instant until) {
        this.bundle = bundle;
        this.from = from;
        this.until = until;
    }

    /** A certificate, its private key, and the authority's certificate; all PEM. */
    public record Certificate(String chain, String key, String trusted) {}

    /**
     * Makes one: a key of its own. Takes milliseconds.
     *
     * @param validity of its certificate, and of all that it issues, from an hour ago
     */
    public static TestAuthority create(String cluster, Instant now, Duration validity) {
        Instant from = now.minus(BEFORE);
        Instant until = now.plus(validity);
        try {
            X509Bundle bundle = new CertificateBuilder()
                    .ecp256()
                    .notBefore(from)
                    .notAfter(until)
                    .subject("CN=" + cluster + " test authority,O=Millrace")
                    .setIsCertificateAuthority(true)
                    .setKeyUsage(true, CertificateBuilder.KeyUsage.keyCertSign, CertificateBuilder.KeyUsage.cRLSign)
                    .buildSelfSigned();
            return new TestAuthority(bundle, from, until);
        } catch (Exception e) {
            throw new IllegalStateException("a certificate authority cannot be made", e);
        }
    }

    /**
     * One that was made before, from its files. Blocks for reading.
     *
     * @throws NetworkException if they cannot be used
     */
    public static TestAuthority read(Path certificate, Path key) {
        try {
            X509Certificate own = PemFiles.certificates(certificate, PemFiles.read("certificate", certificate))
                    .get(0);
            PrivateKey ownKey = PemFiles.key(key, PemFiles.read("private key", key), certificate, own.getPublicKey());
            X509Bundle bundle = X509Bundle.fromRootCertificateAuthority(own, new KeyPair(own.getPublicKey(), ownKey));
            return new TestAuthority(
                    bundle, own.getNotBefore().toInstant(), own.getNotAfter().toInstant());
        } catch (CredentialsException e) {
            throw new NetworkException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The authority's own certificate and key. */
    public Certificate authority() {
        return new Certificate(bundle.getCertificatePEM(), bundle.getPrivateKeyPEM(), bundle.getRootCertificatePEM());
    }

    /** A certificate for one who may be any of these; their instances do not matter. */
    public Certificate issue(List<Identity> identities) {
        return issue(identities, until);
    }

    Certificate issue(List<Identity> identities, Instant notAfter) {
        CertificateBuilder builder = new CertificateBuilder()
                .ecp256()
                .notBefore(from.isBefore(notAfter) ? from : notAfter.minus(BEFORE))
                .notAfter(notAfter)
                .subject("CN=" + identities.get(0).name() + ",O=Millrace")
                .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
                .addExtendedKeyUsageServerAuth()
                .addExtendedKeyUsageClientAuth();
        identities.forEach(identity -> builder.addSanUriName(identity.uri()));
        try {
            X509Bundle issued = builder.buildIssuedBy(bundle);
            return new Certificate(
                    issued.getCertificatePathPEM(), issued.getPrivateKeyPEM(), issued.getRootCertificatePEM());
        } catch (Exception e) {
            throw new IllegalStateException("a certificate cannot be made", e);
        }
    }
}
