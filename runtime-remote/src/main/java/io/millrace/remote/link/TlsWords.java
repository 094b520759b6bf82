package io.millrace.remote.link;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import org.jspecify.annotations.Nullable;

/** Why TLS did not come about, in words. */
final class TlsWords {
    private static final int DEEPEST = 16;

    private TlsWords() {}

    static String failure(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < DEEPEST && cause != null; i++) {
            String words = known(cause);
            if (words != null) {
                return words;
            }
            cause = cause.getCause();
        }
        Throwable innermost =
                failure instanceof DecoderException && failure.getCause() != null ? failure.getCause() : failure;
        return Words.failure(innermost);
    }

    private static @Nullable String known(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof CertificateExpiredException) {
            return "its certificate has expired: " + Words.line(message);
        } else if (cause instanceof CertificateNotYetValidException) {
            return "its certificate is not valid yet: " + Words.line(message);
        } else if (cause instanceof CertPathValidatorException && cause.getCause() == null
                || cause instanceof CertPathBuilderException && cause.getCause() == null) {
            return "its certificate is not from a trusted authority";
        } else if (cause instanceof CertificateException && cause.getCause() == null) {
            return "its certificate cannot be used: " + Words.line(message);
        } else if (cause instanceof NotSslRecordException) {
            return "it does not speak TLS: use the same security on both";
        }
        return null;
    }
}
