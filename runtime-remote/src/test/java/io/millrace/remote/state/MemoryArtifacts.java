package io.millrace.remote.state;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeMap;

/** Artifacts on the heap. */
final class MemoryArtifacts implements ArtifactStore {
    final TreeMap<String, byte[]> held = new TreeMap<>();

    @Override
    public void append(String sha256, long offset, byte[] bytes) {
        byte[] before = held.getOrDefault(sha256, new byte[0]);
        byte[] after = Arrays.copyOf(before, Math.max(before.length, (int) offset + bytes.length));
        System.arraycopy(bytes, 0, after, (int) offset, bytes.length);
        held.put(sha256, after);
    }

    @Override
    public boolean isIntact(String sha256, long totalBytes) {
        byte[] bytes = Arrays.copyOf(held.getOrDefault(sha256, new byte[0]), (int) totalBytes);
        return sha256(bytes).equals(sha256);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public byte[] readAll(String sha256) {
        return held.getOrDefault(sha256, new byte[0]).clone();
    }

    @Override
    public void remove(String sha256) {
        held.remove(sha256);
    }
}
