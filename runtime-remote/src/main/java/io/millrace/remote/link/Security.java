package io.millrace.remote.link;

import java.nio.file.Path;

/**
 * How connections are protected. The default of everything is {@link #clear()}: loopback addresses in the clear, and nothing else.
 *
 * <p>With {@link #mutualTls}, both ends of every connection show a certificate, by TLS 1.3. A certificate is valid if it leads to one of the trusted authorities and has
 * not expired, and if one of its subject alternative names is the URI {@code millrace://CLUSTER/ROLE/NAME} of what its holder says it is in the hello. <em>Host names
 * are not checked</em>: not where a member runs counts but who it is, so members may move, and have any address, under the same certificate.
 */
public sealed interface Security {
    /** Loopback addresses in the clear; others can be neither listened on nor dialled. */
    static Security clear() {
        return new Clear();
    }

    /** Every address in the clear: whoever reaches a port can run programs on the cluster's machines. */
    static Security insecure() {
        return new Insecure();
    }

    /**
     * Mutual TLS on every address. The files are read when a network is made, and again for new connections once they have changed; if they cannot be used then, those
     * read before stay in use, and the log says so.
     *
     * @param certificateChain PEM: the own certificate first, then those that lead to the authority
     * @param key PEM: the private key, PKCS #8, not encrypted
     * @param trusted PEM: the authorities whose certificates are accepted
     */
    static Security mutualTls(Path certificateChain, Path key, Path trusted) {
        return new MutualTls(certificateChain, key, trusted);
    }

    /** As {@link Security#clear()}. */
    record Clear() implements Security {}

    /** As {@link Security#insecure()}. */
    record Insecure() implements Security {}

    /** As {@link Security#mutualTls}. */
    record MutualTls(Path certificateChain, Path key, Path trusted) implements Security {}
}
