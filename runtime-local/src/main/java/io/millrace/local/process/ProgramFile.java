package io.millrace.local.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Says before a program is started what would be wrong with it, in words that an exit code of 126 or 127 does not have. Looks at files. */
final class ProgramFile {
    /** As much of a first line as Linux looks at. */
    private static final int LONGEST_FIRST_LINE = 256;

    /** What file names are written in here. */
    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private ProgramFile() {}

    static void checkReadable(Path file) {
        checkIsFile(file);
        if (!Files.isReadable(file)) {
            throw new ChildException("'" + file + "' cannot be read: give its reader the right to, 'chmod +r'");
        }
    }

    /** @param search where {@code env} in a first line finds what it is to run */
    static void checkExecutable(Path file, ProgramSearch search) {
        checkIsFile(file);
        if (!Files.isExecutable(file)) {
            throw new ChildException(
                    "'" + file + "' is not executable: make it so with 'chmod +x', or write the program that runs it");
        }
        firstLine(file).ifPresent(line -> checkFirstLine(file, line, search));
    }

    private static void checkIsFile(Path file) {
        if (Files.isDirectory(file)) {
            throw new ChildException(
                    "'" + file + "' is a directory, expected a program: write the path of a file in it");
        }
        if (!Files.exists(file)) {
            throw new ChildException("'" + file + "' does not exist: build it, or correct its path");
        }
    }

    /** What follows {@code #!}, up to the line end; empty for what is not a script, or cannot be read, or is no text here. */
    private static Optional<String> firstLine(Path file) {
        if (!Files.isReadable(file)) {
            return Optional.empty(); // a compiled program need not be readable
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(LONGEST_FIRST_LINE);
            if (start.length < 2 || start[0] != '#' || start[1] != '!') {
                return Optional.empty();
            }
            int end = 2;
            while (end < start.length && start[end] != '\n') {
                end++;
            }
            ByteBuffer line = ByteBuffer.wrap(start, 2, end - 2);
            return Optional.of(NAMES.newDecoder().decode(line).toString());
        } catch (CharacterCodingException notInOurCharset) {
            return Optional.empty(); // Linux knows only bytes, and may find what no name here stands for
        } catch (IOException e) {
            throw new ChildException("'" + file + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static void checkFirstLine(Path file, String line, ProgramSearch search) {
        if (line.endsWith("\r")) {
            throw new ChildException("'" + file + "' has a Windows line end (CR LF) after '#!" + line.strip()
                    + "', so that no such interpreter is found: save it with Unix line ends (LF)");
        }
        String[] words = line.strip().split("[ \t]+", -1);
        Path interpreter;
        try {
            interpreter = Path.of("/").resolve(words[0]);
        } catch (InvalidPathException notToBeLookedFor) {
            return;
        }
        if (!Files.exists(interpreter)) {
            throw new ChildException("'" + file + "' asks for the interpreter '" + words[0]
                    + "' in its first line, which does not exist: install it, or correct the line");
        }
        boolean names = words.length > 1 && !words[1].startsWith("-") && !words[1].contains("=");
        if (interpreter.endsWith("env")
                && names
                && !words[1].contains("/")
                && search.look(words[1]).isEmpty()) {
            throw new ChildException("'" + file + "' asks for '" + words[1]
                    + "' in its first line, which is in none of " + search.inWords()
                    + ": install it, or correct the line");
        }
    }
}
