package io.millrace.remote.link;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Texts in frames, bounded on both sides. Not for every message. */
final class Texts {
    private static final int FAILED = 1;
    private static final int RESTARTED = 2;
    private static final int COUNTED = 3;
    private static final int LENGTH_BYTES = 2;
    private static final int MAX_DIGITS = 18; // of a long, whatever they are

    private Texts() {}

    /** As UTF-8; what is longer is cut between characters. */
    static byte[] bytes(String text, int most) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        if (all.length <= most) {
            return all;
        }
        int end = most;
        while (end > 0 && (all[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(all, end);
    }

    static String read(ByteBuffer in, int at, int length) {
        byte[] bytes = new byte[length];
        in.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A notice as the body of its frame, from offset 12 on; inputs for which there is no room are left out. */
    static ByteBuffer encode(Notice notice, ByteBuffer target) {
        List<String> texts = new ArrayList<>();
        if (notice instanceof Notice.Failed failed) {
            texts.add(failed.node());
            texts.add(failed.error());
            texts.addAll(failed.inputs());
        } else if (notice instanceof Notice.Restarted restarted) {
            texts.add(restarted.node());
        } else if (notice instanceof Notice.Counted counted) {
            texts.add(Long.toString(counted.dropped()));
            texts.add(Long.toString(counted.fullNs()));
        }
        target.putShort((short) kind(notice));
        int countAt = target.position();
        target.putShort((short) 0);
        int count = 0;
        for (String text : texts) {
            byte[] bytes = bytes(text, Frames.MAX_TEXT_BYTES);
            if (target.remaining() < LENGTH_BYTES + bytes.length) {
                break;
            }
            target.putShort((short) bytes.length).put(bytes);
            count++;
        }
        return target.putShort(countAt, (short) count);
    }

    private static int kind(Notice notice) {
        if (notice instanceof Notice.Failed) {
            return FAILED;
        }
        return notice instanceof Notice.Restarted ? RESTARTED : COUNTED;
    }

    /** The frame's body from {@code at} to {@code end}. */
    static Notice decode(ByteBuffer in, int at, int end) {
        int kind = unsigned(in, at);
        List<String> texts = new ArrayList<>();
        int next = at + 2 * LENGTH_BYTES;
        for (int left = unsigned(in, at + LENGTH_BYTES); left > 0; left--) {
            int length = next + LENGTH_BYTES <= end ? unsigned(in, next) : Integer.MAX_VALUE;
            next += LENGTH_BYTES;
            if (length > end - next) {
                throw new ProtocolViolation("a notice with a text that does not end within its frame");
            }
            texts.add(read(in, next, length));
            next += length;
        }
        if (next != end) {
            throw new ProtocolViolation("a notice with " + (end - next) + " bytes behind its last text");
        }
        if (kind == FAILED && texts.size() >= 2) {
            return new Notice.Failed(texts.get(0), texts.get(1), List.copyOf(texts.subList(2, texts.size())));
        }
        if (kind == RESTARTED && texts.size() == 1) {
            return new Notice.Restarted(texts.get(0));
        }
        if (kind == COUNTED && texts.size() == 2) {
            return new Notice.Counted(count(texts.get(0)), count(texts.get(1)));
        }
        throw new ProtocolViolation("a notice of kind " + kind + " with " + texts.size() + " texts");
    }

    private static long count(String text) {
        boolean isCount = !text.isEmpty()
                && text.length() <= MAX_DIGITS
                && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        if (!isCount) {
            throw new ProtocolViolation("a notice whose count is no number");
        }
        return Long.parseLong(text);
    }

    static int unsigned(ByteBuffer in, int at) {
        return in.getShort(at) & 0xFFFF;
    }
}
