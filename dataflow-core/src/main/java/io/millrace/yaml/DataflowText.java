package io.millrace.yaml;

import io.millrace.graph.Location;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** The text of a dataflow file: of bounded size, UTF-8, and free of control characters. */
final class DataflowText {
    /** The largest file that is read. */
    static final int MAX_BYTES = 4 << 20;

    /** The longest line that is read. The time that the parser takes for a word grows with the square of its length. */
    static final int MAX_LINE = 128 << 10;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String file;

    private DataflowText(String file) {
        this.file = file;
    }

    /**
     * Reads a file; blocks on the file system.
     *
     * @param shownAs the file's name in messages
     */
    static String read(Path file, String shownAs) throws RefusedTextException {
        DataflowText text = new DataflowText(shownAs);
        return text.check(text.decode(text.bytes(file)));
    }

    /** Checks a text that is at hand already. */
    static String check(String content, String shownAs) throws RefusedTextException {
        DataflowText text = new DataflowText(shownAs);
        if (content.length() > MAX_BYTES) {
            throw text.tooLarge(content.length() + " characters");
        }
        return text.check(content);
    }

    private byte[] bytes(Path path) throws RefusedTextException {
        if (Files.isDirectory(path)) {
            throw refused("is a directory: expected a dataflow file, such as dataflow.yml");
        }
        try {
            if (Files.isRegularFile(path) && Files.size(path) > MAX_BYTES) {
                throw tooLarge(Files.size(path) + " bytes");
            }
            return boundedBytes(path);
        } catch (NoSuchFileException e) {
            throw refused("there is no such file");
        } catch (AccessDeniedException e) {
            throw refused("the file may not be read: access is denied");
        } catch (IOException e) {
            throw refused("the file cannot be read: " + e.getMessage());
        }
    }

    /** The size was only a first look: a pipe has none, and a file may grow. */
    private byte[] boundedBytes(Path path) throws IOException, RefusedTextException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw tooLarge("more than " + MAX_BYTES + " bytes");
            }
            return bytes;
        }
    }

    private String decode(byte[] bytes) throws RefusedTextException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String decoded = out.flip().toString();
        if (result.isError()) {
            int offset = in.position();
            throw new RefusedTextException(
                    placeAfter(decoded),
                    String.format(
                            Locale.ROOT,
                            "byte 0x%02X at offset %d is not UTF-8%s: save the file as UTF-8",
                            bytes[offset],
                            offset,
                            looksLikeUtf16(bytes) ? ", the file looks like UTF-16" : ""));
        }
        return decoded;
    }

    private static boolean looksLikeUtf16(byte[] bytes) {
        return bytes.length > 1
                && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
                        || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE));
    }

    private String check(String decoded) throws RefusedTextException {
        String content = decoded.indexOf(BYTE_ORDER_MARK) == 0 ? decoded.substring(1) : decoded;
        int lineStart = 0;
        for (int i = 0; i < content.length(); i += Character.charCount(content.codePointAt(i))) {
            int c = content.codePointAt(i);
            if (!isText(c)) {
                throw new RefusedTextException(
                        placeAfter(content.substring(0, i)),
                        String.format(Locale.ROOT, "the character U+%04X has no place in a text file: remove it", c));
            }
            if (c == '\n' || c == '\r') {
                lineStart = i + 1;
            } else if (i - lineStart >= MAX_LINE) {
                throw new RefusedTextException(
                        placeAfter(content.substring(0, lineStart)),
                        "the line has more than " + MAX_LINE + " characters: break it");
            }
        }
        return content;
    }

    /** YAML's printable characters. */
    private static boolean isText(int c) {
        if (c < 0x20) {
            return c == '\t' || c == '\n' || c == '\r';
        }
        return c < 0x7F || c == 0x85 || (c >= 0xA0 && c < 0xD800) || (c > 0xDFFF && c < 0xFFFE) || c > 0xFFFF;
    }

    private Location placeAfter(String prefix) {
        int line = 1 + (int) prefix.chars().filter(c -> c == '\n').count();
        String lastLine = prefix.substring(prefix.lastIndexOf('\n') + 1);
        return new Location(file, line, 1 + lastLine.codePointCount(0, lastLine.length()));
    }

    private RefusedTextException tooLarge(String size) {
        return refused("has " + size + ": a dataflow file has at most " + MAX_BYTES);
    }

    private RefusedTextException refused(String message) {
        return new RefusedTextException(Location.of(file), message);
    }
}
