package io.millrace.remote.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** A peer that has a certificate and says what it likes: the JDK's TLS, no check of its own. */
final class StrangerTls implements AutoCloseable {
    private final SSLSocket socket;

    private StrangerTls(SSLSocket socket) {
        this.socket = socket;
    }

    static StrangerTls connect(InetSocketAddress address, TestAuthority.Certificate certificate) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        String base64 = certificate.key().replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        Certificate[] chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(certificate.chain().getBytes(StandardCharsets.US_ASCII)))
                .toArray(Certificate[]::new);
        store.setKeyEntry(
                "own",
                KeyFactory.getInstance("EC")
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64))),
                new char[0],
                chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(address.getAddress(), address.getPort());
        socket.setSoTimeout(60_000);
        socket.startHandshake();
        return new StrangerTls(socket);
    }

    void hello(Identity identity) throws IOException {
        ByteBuf hello = GreetingCodec.encode(
                UnpooledByteBufAllocator.DEFAULT, new Greeting.Hello(Purpose.CONTROL, identity, 1000));
        byte[] bytes = new byte[hello.readableBytes()];
        hello.readBytes(bytes).release();
        socket.getOutputStream().write(bytes);
    }

    String refusal() throws IOException {
        byte[] all = socket.getInputStream().readAllBytes();
        return GreetingCodec.decode(Unpooled.wrappedBuffer(all), 1024) instanceof Greeting.Refused refused
                ? refused.reason()
                : "another greeting";
    }

    void awaitEnd() throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SSLException | SocketException e) {
            // An end as well: the alert, or the connection reset behind it.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
