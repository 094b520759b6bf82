package io.millrace.remote.raft;

import io.millrace.remote.tls.CredentialFiles;
import io.millrace.remote.tls.Credentials;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows in each handshake the certificate that the files hold then. TLS asks first for an alias and then, by the alias, for certificate and key: they are of one reading of the files, also if there is
 * another meanwhile.
 */
final class RenewedKey extends X509ExtendedKeyManager {
    private final CredentialFiles files;

    // Under the lock.
    private Offer offer;
    private Offer before;
    private long readings;

    private record Offer(String alias, Credentials credentials) {}

    RenewedKey(CredentialFiles files) {
        this.files = files;
        offer = new Offer("0", files.current());
        before = offer;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyTypes == null ? List.of() : List.of(keyTypes));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            @Nullable String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType == null ? List.of() : List.of(keyType));
    }

    @Override
    public @Nullable String chooseClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineClientAlias(keyTypes, issuers, null);
    }

    @Override
    public @Nullable String chooseServerAlias(
            @Nullable String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getClientAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getServerAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
        return getClientAliases(keyType, issuers);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        Credentials credentials = of(alias);
        return credentials == null ? null : credentials.chainArray();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        Credentials credentials = of(alias);
        return credentials == null ? null : credentials.key();
    }

    private synchronized @Nullable String alias(List<String> keyTypes) {
        Credentials now = files.current();
        if (now != offer.credentials()) {
            before = offer;
            offer = new Offer(Long.toString(++readings), now);
        }
        return keyTypes.contains(now.key().getAlgorithm()) ? offer.alias() : null;
    }

    private synchronized @Nullable Credentials of(@Nullable String alias) {
        if (offer.alias().equals(alias)) {
            return offer.credentials();
        }
        return before.alias().equals(alias) ? before.credentials() : null;
    }
}
