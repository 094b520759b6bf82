package io.millrace.remote.raft;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** An authority for tests, and the certificates that it signs. */
final class Certificates {
    private final Path folder;
    private final X509Bundle authority;

    Certificates(Path folder) throws Exception {
        this.folder = folder;
        authority = new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .ecp256()
                .buildSelfSigned();
    }

    /** Files with a certificate for this URI. */
    RaftSecurity of(String uri, String name) {
        try {
            X509Bundle bundle = bundle(uri);
            return new RaftSecurity(
                    write(name + "-chain.pem", bundle.getCertificatePathPEM()),
                    write(name + "-key.pem", bundle.getPrivateKeyPEM()),
                    write("authority.pem", authority.getCertificatePEM()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    X509Certificate[] chain(String uri) throws Exception {
        return bundle(uri).getCertificatePath();
    }

    X509ExtendedTrustManager trustManager() throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("authority", authority.getCertificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    private X509Bundle bundle(String uri) throws Exception {
        return new CertificateBuilder()
                .subject("CN=member")
                .addSanUriName(uri)
                .ecp256()
                .buildIssuedBy(authority);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
