package io.millrace.workdir;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names the directory that a node of a job gets when nothing says where it runs. */
final class FreshDirectory {
    private static final int READABLE_LENGTH = 40;
    private static final int DIGEST_BYTES = 8;

    private FreshDirectory() {}

    /**
     * One file name for a job's node, the same whenever it is asked for. Job and node can be read in it as far as every
     * system allows; the digest keeps apart what is shortened, or differs only in case or in replaced characters.
     */
    static String name(String job, String nodeId) {
        // The length tells where the job ends, so no two pairs give one text.
        byte[] digest = sha256(job.length() + ":" + job + nodeId);
        return readable(job) + "-" + readable(nodeId) + "-" + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    }

    private static String readable(String id) {
        String safe = id.replaceAll("[^A-Za-z0-9_]", "_");
        return safe.substring(0, Math.min(safe.length(), READABLE_LENGTH));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
