package io.millrace.remote.raft;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts who has a certificate of the authority that is one of a member. Host names play no part: who a member is stands in its
 * certificate, and where it runs may change.
 */
final class MembersTrust extends X509ExtendedTrustManager {
    /** The kind of a subject alternative name. */
    private static final int URI = 6;

    private final X509ExtendedTrustManager authority;
    private final Set<String> members;

    /** @param members the URIs of which a certificate needs one */
    MembersTrust(X509ExtendedTrustManager authority, Set<String> members) {
        this.authority = authority;
        this.members = members;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        authority.checkClientTrusted(chain, authType);
        requireMember(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        authority.checkServerTrusted(chain, authType);
        requireMember(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authority.getAcceptedIssuers();
    }

    private void requireMember(X509Certificate[] chain) throws CertificateException {
        Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
        for (List<?> name : names == null ? List.<List<?>>of() : names) {
            if (name.get(0) instanceof Integer kind
                    && kind == URI
                    && name.get(1) instanceof String uri
                    && members.contains(uri)) {
                return;
            }
        }
        throw new CertificateException("the certificate of '" + chain[0].getSubjectX500Principal()
                + "' is not that of a master of this cluster: it needs one of the names " + members);
    }
}
