package io.millrace.remote.link;

import io.millrace.remote.tls.Credentials;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;

/** What a member's credentials mean for connections that are accepted, and for those that are dialled. */
record TlsContexts(SslContext accepting, SslContext dialling) {
    private static final String PROTOCOL = "TLSv1.3";

    /** @throws NetworkException if TLS cannot do with them */
    static TlsContexts of(Credentials credentials) {
        SslProvider provider = OpenSsl.isAvailable() && SslProvider.isTlsv13Supported(SslProvider.OPENSSL)
                ? SslProvider.OPENSSL
                : SslProvider.JDK;
        try {
            return new TlsContexts(
                    SslContextBuilder.forServer(credentials.key(), credentials.chainArray())
                            .clientAuth(ClientAuth.REQUIRE)
                            .trustManager(credentials.trustedArray())
                            .protocols(PROTOCOL)
                            .sslProvider(provider)
                            .build(),
                    SslContextBuilder.forClient()
                            .keyManager(credentials.key(), credentials.chainArray())
                            // Members are known by who they are, not by where: see Security.
                            .endpointIdentificationAlgorithm(null)
                            .trustManager(credentials.trustedArray())
                            .protocols(PROTOCOL)
                            .sslProvider(provider)
                            .build());
        } catch (SSLException e) {
            throw new NetworkException(
                    "the certificate of " + credentials.chain().get(0).getSubjectX500Principal()
                            + " cannot be used for TLS: " + Words.failure(e),
                    e);
        }
    }
}
