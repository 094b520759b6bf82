package io.millrace.remote.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The URIs among the subject alternative names of a certificate: who its holder may be. */
public final class UriNames {
    /** The kind of such a name. */
    private static final int URI = 6;

    private UriNames() {}

    /**
     * As they stand there, which may be anything.
     *
     * @throws CertificateParsingException if they cannot be read
     */
    public static List<String> of(X509Certificate certificate) throws CertificateParsingException {
        List<String> names = new ArrayList<>();
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        for (List<?> name : all == null ? List.<List<?>>of() : all) {
            if (name.get(0) instanceof Integer kind && kind == URI && name.get(1) instanceof String uri) {
                names.add(uri);
            }
        }
        return names;
    }
}
