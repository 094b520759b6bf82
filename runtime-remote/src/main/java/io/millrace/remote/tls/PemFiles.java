package io.millrace.remote.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys from PEM files; what is wrong with one is said in a {@link CredentialsException}. */
public final class PemFiles {
    private static final long LARGEST_FILE = 1 << 20;
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]{1,100000})-----END PRIVATE KEY-----");
    private static final byte[] PROBE = {1, 2, 3};

    private PemFiles() {}

    /** Blocks for it. */
    public static byte[] read(String what, Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new CredentialsException("the " + what + " '" + file + "' is too large: expected at most 1 MiB");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new CredentialsException("the " + what + " '" + file + "' is missing: expected a PEM file", e);
        } catch (IOException e) {
            throw new CredentialsException("the " + what + " '" + file + "' cannot be read: " + why(e), e);
        }
    }

    /** At least one. */
    public static List<X509Certificate> certificates(Path file, byte[] pem) {
        try {
            List<X509Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .filter(X509Certificate.class::isInstance)
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!all.isEmpty()) {
                return all;
            }
        } catch (CertificateException e) {
            throw new CredentialsException("'" + file + "' has no certificate: expected PEM: " + line(e), e);
        }
        throw new CredentialsException("'" + file + "' has no certificate: expected PEM");
    }

    /** Checks that it is the one of the certificate with this public key. */
    public static PrivateKey key(Path file, byte[] pem, Path certificate, PublicKey publicKey) {
        Matcher block = KEY.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!block.find()) {
            throw new CredentialsException("'" + file
                    + "' has no private key: expected PEM with 'BEGIN PRIVATE KEY' (PKCS #8, not encrypted)");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(block.group(1));
            PrivateKey key =
                    KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            requireFit(file, key, certificate, publicKey);
            return key;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new CredentialsException(
                    "the private key '" + file + "' cannot be read: expected one of " + publicKey.getAlgorithm()
                            + ", as the certificate '" + certificate + "' has",
                    e);
        }
    }

    /** The JDK would notice at the first connection only. */
    private static void requireFit(Path file, PrivateKey key, Path certificate, PublicKey publicKey)
            throws GeneralSecurityException {
        String algorithm = publicKey.getAlgorithm();
        Signature signature = Signature.getInstance(
                switch (algorithm) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> algorithm;
                });
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(PROBE);
        if (!signature.verify(signed)) {
            throw new CredentialsException(
                    "the private key '" + file + "' does not fit the certificate '" + certificate + "'");
        }
    }

    private static String why(IOException failure) {
        return failure instanceof AccessDeniedException ? "it is not permitted to this user" : line(failure);
    }

    /** Without what could end a line. */
    private static String line(Exception failure) {
        return String.valueOf(failure.getMessage()).replaceAll("\\p{Cntrl}+", " ");
    }
}
