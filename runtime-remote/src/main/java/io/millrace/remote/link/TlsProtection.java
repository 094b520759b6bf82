package io.millrace.remote.link;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mutual TLS, by certificates that are read again for a new connection when their files have changed. */
final class TlsProtection implements Protection {
    private static final Logger LOG = LoggerFactory.getLogger(TlsProtection.class);

    private final Security.MutualTls files;
    private final Identity identity;
    private final long handshakeTimeoutMs;
    private final Executor work;

    // Under the lock.
    private List<Object> stamps;
    private TlsContexts contexts;

    private TlsProtection(
            Security.MutualTls files,
            Identity identity,
            long handshakeTimeoutMs,
            Executor work,
            List<Object> stamps,
            TlsContexts contexts) {
        this.files = files;
        this.identity = identity;
        this.handshakeTimeoutMs = handshakeTimeoutMs;
        this.work = work;
        this.stamps = stamps;
        this.contexts = contexts;
    }

    /**
     * Reads the files.
     *
     * @param work for what TLS computes, so that event loops need not
     * @throws NetworkException if they cannot be used, or are for somebody else
     */
    static TlsProtection open(Security.MutualTls files, Identity identity, long handshakeTimeoutMs, Executor work) {
        List<Object> stamps = stamps(files);
        return new TlsProtection(files, identity, handshakeTimeoutMs, work, stamps, TlsContexts.read(files, identity));
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

    private SslHandler handler(SslContext context, ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator, work);
        handler.setHandshakeTimeoutMillis(handshakeTimeoutMs);
        return handler;
    }

    /** Files that are replaced one after the other do not fit each other for a moment: what was read before stays until they do. */
    private synchronized TlsContexts current() {
        List<Object> now = stamps(files);
        if (!now.equals(stamps)) {
            stamps = now;
            try {
                contexts = TlsContexts.read(files, identity);
                LOG.info(
                        "read the certificates of {} again: '{}' has changed",
                        identity.words(),
                        files.certificateChain());
            } catch (NetworkException e) {
                LOG.warn(
                        "the certificates have changed and cannot be used, those from before stay: {}", e.getMessage());
            }
        }
        return contexts;
    }

    /** What changes with a file; its absence too. */
    private static List<Object> stamps(Security.MutualTls files) {
        List<Object> stamps = new ArrayList<>();
        for (Path file : List.of(files.certificateChain(), files.key(), files.trusted())) {
            try {
                BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.add(List.of(is.lastModifiedTime(), is.size(), String.valueOf(is.fileKey())));
            } catch (IOException e) {
                stamps.add("unreadable");
            }
        }
        return stamps;
    }
}
