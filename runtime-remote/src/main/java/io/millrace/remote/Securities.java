package io.millrace.remote;

import io.millrace.remote.link.Security;
import java.util.Optional;

/** From what configs say to how connections are protected. */
final class Securities {
    private Securities() {}

    static Security of(Optional<TlsFiles> tls, boolean isInsecure) {
        if (tls.isPresent()) {
            TlsFiles files = tls.get();
            return Security.mutualTls(files.certificate(), files.key(), files.authority());
        }
        return isInsecure ? Security.insecure() : Security.clear();
    }
}
