package io.millrace.remote.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What the files of a member held at one time, checked: they fit each other.
 *
 * @param chain the own certificate, then those that lead to its authority
 * @param key of the own certificate
 * @param trusted the authorities whose certificates are accepted
 */
public record Credentials(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> trusted) {
    public Credentials {
        chain = List.copyOf(chain);
        trusted = List.copyOf(trusted);
    }

    /** A copy. */
    public X509Certificate[] chainArray() {
        return chain.toArray(X509Certificate[]::new);
    }

    /** A copy. */
    public X509Certificate[] trustedArray() {
        return trusted.toArray(X509Certificate[]::new);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "Credentials[" + chain.get(0).getSubjectX500Principal() + "]";
    }
}
