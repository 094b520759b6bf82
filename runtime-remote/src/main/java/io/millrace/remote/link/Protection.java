package io.millrace.remote.link;

import io.millrace.remote.tls.CredentialFiles;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What a {@link Security} means for addresses and channels. Thread-safe. */
interface Protection {
    /** @throws NetworkException if certificates cannot be used, or are for somebody else */
    static Protection of(Security security, Identity identity, NetworkSettings settings, Executor work) {
        if (security instanceof Security.MutualTls files) {
            return TlsProtection.open(files, identity, settings.helloTimeout().toMillis(), work);
        }
        return new InTheClear(security instanceof Security.Insecure);
    }

    /** @throws NetworkException if nothing may be said on this address; the message begins with what was to be done */
    void requireAllowed(InetAddress address, String doing);

    /** For a channel that was accepted; null in the clear. */
    @Nullable SslHandler accepting(ByteBufAllocator allocator);

    /** For a channel that was dialled; null in the clear. */
    @Nullable SslHandler dialling(ByteBufAllocator allocator);

    /** What the member proves with who it is; empty in the clear. */
    Optional<CredentialFiles> credentials();

    /** Without TLS. */
    record InTheClear(boolean everywhere) implements Protection {
        @Override
        public void requireAllowed(InetAddress address, String doing) {
            if (!everywhere && !address.isLoopbackAddress()) {
                throw new NetworkException(
                        doing + ": " + address.getHostAddress()
                                + " is not a loopback address, and nothing protects it: give it certificates for mutual TLS"
                                + " ('millrace certs' makes some to try), or say --insecure (Security.insecure()) if everyone who reaches this network is trusted");
            }
        }

        @Override
        public @Nullable SslHandler accepting(ByteBufAllocator allocator) {
            return null;
        }

        @Override
        public @Nullable SslHandler dialling(ByteBufAllocator allocator) {
            return null;
        }

        @Override
        public Optional<CredentialFiles> credentials() {
            return Optional.empty();
        }
    }
}
