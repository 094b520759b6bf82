package io.millrace.remote.raft;

import io.millrace.remote.link.TestAuthority;
import io.millrace.remote.tls.PemFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Calls masters as another master does, with one certificate, and takes sessions up again where it is let; whom it calls it does not check. */
final class MasterCaller {
    private static final int PATIENCE_MS = 60_000;

    private final SSLContext context;

    MasterCaller(String name, TestAuthority authority) throws Exception {
        TestAuthority.Certificate own = authority.issue(List.of(Certificates.master(name)));
        Path file = Path.of("own.pem");
        List<X509Certificate> chain = PemFiles.certificates(file, own.chain().getBytes(StandardCharsets.US_ASCII));
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setKeyEntry(
                "own",
                PemFiles.key(
                        file,
                        own.key().getBytes(StandardCharsets.US_ASCII),
                        file,
                        chain.get(0).getPublicKey()),
                new char[0],
                chain.toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), new TrustManager[] {new Anybody()}, null);
    }

    /**
     * The certificate of who answers.
     *
     * @throws IOException if it refuses
     */
    X509Certificate call(InetSocketAddress address) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(address.getHostString(), address.getPort())) {
            socket.setSoTimeout(PATIENCE_MS);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            // By TLS 1.3 the refusal of a certificate comes after this end's handshake.
            if (socket.getInputStream().read() < 0) {
                throw new IOException("the master closes the connection");
            }
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
