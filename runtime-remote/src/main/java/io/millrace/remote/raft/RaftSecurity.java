package io.millrace.remote.raft;

import java.nio.file.Path;

/**
 * What members prove their identity to each other with: mutual TLS, for which every member has a certificate of one authority. One of its
 * subject alternative names is the URI {@code millrace://CLUSTER/master/NAME}; the host's name is not looked at. Read when the log is opened.
 *
 * @param certificateChain PEM: the member's certificate, then those that lead to the authority
 * @param key PEM: its private key, PKCS #8, not encrypted
 * @param trusted PEM: the authorities whose certificates are accepted
 */
public record RaftSecurity(Path certificateChain, Path key, Path trusted) {}
