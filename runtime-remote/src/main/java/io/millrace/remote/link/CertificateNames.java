package io.millrace.remote.link;

import io.millrace.remote.tls.UriNames;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Who a certificate's holder may be: the URIs among its subject alternative names. */
final class CertificateNames {
    private static final int SHOWN = 3;

    private CertificateNames() {}

    /** @throws Refusal if the peer's certificate is not for this identity */
    static void require(SSLSession session, Identity identity) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            if (!(chain[0] instanceof X509Certificate certificate)) {
                throw new Refusal("its certificate is none of X.509");
            }
            require(certificate, identity);
        } catch (SSLPeerUnverifiedException e) {
            throw new Refusal("it has no certificate");
        }
    }

    /** @throws Refusal if the certificate is not for this identity */
    static void require(X509Certificate certificate, Identity identity) {
        String wanted = identity.uri().toString();
        if (!of(certificate).contains(wanted)) {
            throw new Refusal("its certificate is for " + shown(certificate) + ", and it says that it is " + wanted);
        }
    }

    /** For people. */
    static String shown(X509Certificate certificate) {
        List<String> names = of(certificate);
        return names.isEmpty()
                ? "nobody of a cluster"
                : String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    }

    private static List<String> of(X509Certificate certificate) {
        try {
            return UriNames.of(certificate).stream().map(Words::line).toList();
        } catch (CertificateParsingException e) {
            throw new Refusal("the names in its certificate cannot be read");
        }
    }
}
