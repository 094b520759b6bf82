package io.millrace.remote.link;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLException;

/** What the certificate files hold, checked: for connections that are accepted, and for those that are dialled. */
record TlsContexts(SslContext accepting, SslContext dialling) {
    private static final String PROTOCOL = "TLSv1.3";

    /**
     * Reads the files. Blocks for that.
     *
     * @throws NetworkException if they cannot be used, or are for somebody else
     */
    static TlsContexts read(Security.MutualTls files, Identity identity) {
        Path own = files.certificateChain();
        X509Certificate[] chain = PemFiles.certificates(own, PemFiles.read("certificate", own));
        PrivateKey key =
                PemFiles.key(files.key(), PemFiles.read("private key", files.key()), own, chain[0].getPublicKey());
        X509Certificate[] trusted =
                PemFiles.certificates(files.trusted(), PemFiles.read("trusted authorities", files.trusted()));
        requireOwn(own, chain[0], identity);
        SslProvider provider = OpenSsl.isAvailable() && SslProvider.isTlsv13Supported(SslProvider.OPENSSL)
                ? SslProvider.OPENSSL
                : SslProvider.JDK;
        try {
            return new TlsContexts(
                    SslContextBuilder.forServer(key, chain)
                            .clientAuth(ClientAuth.REQUIRE)
                            .trustManager(trusted)
                            .protocols(PROTOCOL)
                            .sslProvider(provider)
                            .build(),
                    SslContextBuilder.forClient()
                            .keyManager(key, chain)
                            // Members are known by who they are, not by where: see Security.
                            .endpointIdentificationAlgorithm(null)
                            .trustManager(trusted)
                            .protocols(PROTOCOL)
                            .sslProvider(provider)
                            .build());
        } catch (SSLException e) {
            throw new NetworkException("the certificate '" + own + "' cannot be used for TLS: " + Words.failure(e), e);
        }
    }

    private static void requireOwn(Path file, X509Certificate own, Identity identity) {
        try {
            CertificateNames.require(own, identity);
        } catch (Refusal e) {
            throw new NetworkException("the certificate '" + file + "' is not for this "
                    + identity.role().text()
                    + ": expected the subject alternative name " + identity.uri() + ", found "
                    + CertificateNames.shown(own));
        }
        Instant end = own.getNotAfter().toInstant();
        if (Instant.now().isAfter(end)) {
            throw new NetworkException("the certificate '" + file + "' has expired at " + end + ": give it a new one");
        }
    }
}
