package io.millrace.remote.executor;

import io.millrace.remote.wire.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Whether this machine has the client's files: it has, if at the client's path of the dataflow file it reads the same file. Writes nothing. */
final class FlowFileProof {
    private static final long MAX_BYTES = 16 << 20;

    private FlowFileProof() {}

    /** Blocks on the file system. What cannot be read is not the same. */
    static boolean isSame(Optional<String> flowFile, Optional<String> sha256) {
        if (flowFile.isEmpty() || sha256.isEmpty()) {
            return false;
        }
        try {
            Path file = Path.of(flowFile.get());
            return file.isAbsolute()
                    && Files.isRegularFile(file)
                    && Files.size(file) <= MAX_BYTES
                    && Sha256.of(Files.readAllBytes(file)).equals(sha256.get());
        } catch (IOException | InvalidPathException | SecurityException e) { // not of this system, or not for us
            return false;
        }
    }
}
