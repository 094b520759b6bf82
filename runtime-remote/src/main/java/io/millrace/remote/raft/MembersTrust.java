package io.millrace.remote.raft;

import io.millrace.remote.tls.CredentialFiles;
import io.millrace.remote.tls.Credentials;
import io.millrace.remote.tls.UriNames;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts who has a certificate of one of the authorities that the files hold now, and is one of the members. Host names play no part: who a member is stands in its certificate, and where it runs may
 * change. Each connection is checked anew: none takes up the session of one before it, whose certificate may not be trusted any more.
 */
final class MembersTrust extends X509ExtendedTrustManager {
    private final CredentialFiles files;
    private final Set<String> members;

    // Under the lock.
    private Credentials seen;
    private X509ExtendedTrustManager authorities;

    /** @param members the URIs of which a certificate needs one */
    MembersTrust(CredentialFiles files, Set<String> members) {
        this.files = files;
        this.members = members;
        seen = files.current();
        authorities = trusting(seen);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        authorities().checkClientTrusted(chain, authType);
        requireMember(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        authorities().checkServerTrusted(chain, authType);
        requireMember(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
        forget(socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
        forget(socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
        forget(engine.getHandshakeSession());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
        forget(engine.getHandshakeSession());
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities().getAcceptedIssuers();
    }

    /** The connection goes on with it; no later one can resume it. */
    private static void forget(@Nullable SSLSession session) {
        if (session != null) {
            session.invalidate();
        }
    }

    private synchronized X509ExtendedTrustManager authorities() {
        Credentials now = files.current();
        if (now != seen) {
            authorities = trusting(now);
            seen = now;
        }
        return authorities;
    }

    private static X509ExtendedTrustManager trusting(Credentials credentials) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (X509Certificate each : credentials.trusted()) {
                store.setCertificateEntry("authority-" + count++, each);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509ExtendedTrustManager manager) {
                    return manager;
                }
            }
            throw new NoSuchAlgorithmException("this JVM has no trust manager for X.509 certificates");
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("certificates that were read cannot be trusted: " + Causes.line(e), e);
        }
    }

    private void requireMember(X509Certificate[] chain) throws CertificateException {
        if (Collections.disjoint(UriNames.of(chain[0]), members)) {
            throw new CertificateException("the certificate of '" + chain[0].getSubjectX500Principal()
                    + "' is not that of a master of this cluster: it needs one of the names " + members);
        }
    }
}
