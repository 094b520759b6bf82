package io.millrace.remote.link;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why TLS did not come about, in words. */
final class TlsWords {
    private static final int DEEPEST = 16;
    private static final String ALERT = "fatal alert: ";

    private TlsWords() {}

    static String failure(Throwable failure) {
        Throwable shown =
                failure instanceof DecoderException && failure.getCause() != null ? failure.getCause() : failure;
        return find(failure, CertificateExpiredException.class)
                .map(expired -> "its certificate has expired: " + message(expired))
                .or(() -> find(failure, CertificateNotYetValidException.class)
                        .map(early -> "its certificate is not valid yet: " + message(early)))
                .or(() -> find(failure, CertPathBuilderException.class)
                        .map(untrusted -> "its certificate is not from a trusted authority"))
                .or(() -> find(failure, CertPathValidatorException.class)
                        .map(invalid -> "its certificate is not from a trusted authority: " + message(invalid)))
                .or(() -> find(failure, NotSslRecordException.class)
                        .map(clear -> "it does not speak TLS: use the same security on both"))
                .or(() -> alert(shown))
                .orElseGet(() -> Words.failure(shown));
    }

    /** What the other end says of this one. */
    private static Optional<String> alert(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        int at = message.indexOf(ALERT);
        if (at < 0) {
            return Optional.empty();
        }
        String alert = Words.line(message.substring(at + ALERT.length())).toLowerCase(Locale.ROOT);
        return Optional.of(
                alert.contains("cert") || alert.contains("unknown_ca")
                        ? "it refused the certificate of this end: " + alert + "; its log says more"
                        : "it refused TLS: " + alert);
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        @Nullable Throwable cause = failure;
        for (int i = 0; i < DEEPEST && cause != null; i++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static String message(Throwable failure) {
        return Words.line(String.valueOf(failure.getMessage()));
    }
}
