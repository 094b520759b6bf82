package io.millrace.remote.link;

import io.millrace.remote.tls.CredentialFiles;
import io.millrace.remote.tls.Credentials;
import io.millrace.remote.tls.CredentialsException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mutual TLS, each new connection with the certificates that the files hold then. */
final class TlsProtection implements Protection {
    private static final Logger LOG = LoggerFactory.getLogger(TlsProtection.class);

    private final CredentialFiles files;
    private final long handshakeTimeoutMs;
    private final Executor work;

    // Under the lock.
    private Credentials seen;
    private TlsContexts contexts;

    private TlsProtection(CredentialFiles files, long handshakeTimeoutMs, Executor work) {
        this.files = files;
        this.handshakeTimeoutMs = handshakeTimeoutMs;
        this.work = work;
        seen = files.current();
        contexts = TlsContexts.of(seen);
    }

    /**
     * Reads the files.
     *
     * @param work for what TLS computes, so that event loops need not
     * @throws NetworkException if they cannot be used, or are for somebody else
     */
    static TlsProtection open(Security.MutualTls files, Identity identity, long handshakeTimeoutMs, Executor work) {
        try {
            CredentialFiles opened = CredentialFiles.open(
                    files.certificateChain(),
                    files.key(),
                    files.trusted(),
                    new CredentialFiles.Holder(
                            identity.role().text(),
                            identity.name(),
                            identity.uri().toString()));
            return new TlsProtection(opened, handshakeTimeoutMs, work);
        } catch (CredentialsException e) {
            throw new NetworkException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void requireAllowed(InetAddress address, String doing) {
        // Protected everywhere.
    }

    @Override
    public SslHandler accepting(ByteBufAllocator allocator) {
        return handler(current().accepting(), allocator);
    }

    @Override
    public SslHandler dialling(ByteBufAllocator allocator) {
        return handler(current().dialling(), allocator);
    }

    @Override
    public Optional<CredentialFiles> credentials() {
        return Optional.of(files);
    }

    private SslHandler handler(SslContext context, ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator, work);
        handler.setHandshakeTimeoutMillis(handshakeTimeoutMs);
        return handler;
    }

    private synchronized TlsContexts current() {
        Credentials now = files.current();
        if (now != seen) {
            seen = now;
            try {
                contexts = TlsContexts.of(now);
            } catch (NetworkException e) {
                LOG.warn("new certificates cannot be used, those from before stay: {}", e.getMessage());
            }
        }
        return contexts;
    }
}
