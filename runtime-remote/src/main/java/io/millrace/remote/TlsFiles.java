package io.millrace.remote;

import java.nio.file.Path;

/**
 * What a member of a cluster proves with who it is, and by which it knows the others: PEM files, which {@code millrace certs} makes for tests. Read again for new
 * connections when they have changed.
 *
 * @param certificate its chain, its own first; names the cluster, the role and the name
 * @param key of that certificate, PKCS #8
 * @param authority the certificates of whom it trusts
 */
public record TlsFiles(Path certificate, Path key, Path authority) {}
