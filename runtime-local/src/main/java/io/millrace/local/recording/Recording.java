package io.millrace.local.recording;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A recording on disk: what it says of itself, and the way to its messages. Needs neither Chronicle nor a flag of the JVM. Immutable; any thread.
 */
public final class Recording {
    private static final int MAX_FILES = 100_000;

    private final Path directory;
    private final List<Path> files;
    private final RecordingHeader header;
    private final int format;

    /** @param format its version */
    private Recording(Path directory, List<Path> files, RecordingHeader header, int format) {
        this.directory = directory;
        this.files = files;
        this.header = header;
        this.format = format;
    }

    /**
     * Opens a recording that is complete, was cut, or is still being written. Blocks on the file system.
     *
     * @throws InvalidRecordingException if it cannot be read, saying why
     */
    public static Recording open(Path directory) {
        try {
            List<Path> files = files(directory);
            try (DocumentReader documents = new DocumentReader(files)) {
                if (!documents.next() || documents.isOpen()) {
                    throw new InvalidRecordingException(
                            "the recording in '" + directory + "' is empty: it was cut before anything was written");
                }
                return new Recording(directory, files, header(documents), version(documents));
            }
        } catch (IOException e) {
            throw new InvalidRecordingException("cannot read a recording from '" + directory + "': " + e, e);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new InvalidRecordingException("there is no recording in '" + directory + "': "
                    + (Files.exists(directory) ? "it is no directory" : "it does not exist"));
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.cq4")) {
            for (Path file : found) {
                if (!Files.isRegularFile(file)) { // to open a pipe would take until somebody writes to it
                    throw new InvalidRecordingException("cannot read a recording from '" + directory + "': '"
                            + file.getFileName() + "' is no regular file, as what ends in '.cq4' has to be");
                }
                files.add(file);
                if (files.size() > MAX_FILES) {
                    throw new InvalidRecordingException("'" + directory + "' has more than " + MAX_FILES + " files");
                }
            }
        }
        if (files.isEmpty()) {
            throw new InvalidRecordingException("there is no recording in '" + directory
                    + "': expected files whose names end in '.cq4', found none");
        }
        files.sort(null); // named after days
        return files;
    }

    private static RecordingHeader header(DocumentReader documents) {
        ByteBuffer buffer = documents.buffer();
        int begin = documents.offset();
        boolean isOurs = documents.length() >= RecordingFormat.FACTS_OFFSET
                && buffer.get(begin + RecordingFormat.KIND_OFFSET) == RecordingFormat.HEADER
                && buffer.getLong(begin + RecordingFormat.PREFIX_LENGTH) == RecordingFormat.MAGIC;
        if (!isOurs) {
            throw new InvalidRecordingException(documents.where()
                    + ": this Chronicle Queue is no recording of Millrace, for it does not begin as one does");
        }
        int version = version(documents);
        if (version < RecordingFormat.FIRST_VERSION || version > RecordingFormat.VERSION) {
            throw new InvalidRecordingException(documents.where() + ": the recording has version " + version
                    + ", this Millrace reads versions " + RecordingFormat.FIRST_VERSION + " to "
                    + RecordingFormat.VERSION);
        }
        try {
            return RecordingHeader.decode(buffer.slice(
                    begin + RecordingFormat.FACTS_OFFSET, documents.length() - RecordingFormat.FACTS_OFFSET));
        } catch (IllegalArgumentException e) {
            throw new InvalidRecordingException(
                    documents.where() + ": the recording's header is damaged: " + e.getMessage(), e);
        }
    }

    private static int version(DocumentReader documents) {
        return documents.buffer().getInt(documents.offset() + RecordingFormat.VERSION_OFFSET);
    }

    public Path directory() {
        return directory;
    }

    /** The name of the dataflow. */
    public String dataflow() {
        return header.dataflow();
    }

    /** The text of the dataflow's file, where it had one. */
    public Optional<String> text() {
        return header.text();
    }

    /** The full names of the recorded outputs. */
    public List<String> outputs() {
        return header.outputs();
    }

    /** When it was begun. */
    public Instant startedAt() {
        return header.startedAt();
    }

    /** The version of Millrace that has written it. */
    public String version() {
        return header.version();
    }

    /** Whether it was made so that the nodes never waited for the recorder. */
    public boolean isLossy() {
        return header.isLossy();
    }

    /**
     * Reads its messages from the first on. Opens no file yet.
     *
     * @throws IllegalArgumentException if an output is selected that it does not have; the message lists those it has
     */
    public RecordingReader read(Selection selection) {
        check(selection);
        return new RecordingReader(
                new DocumentReader(files), header, selection, format >= RecordingFormat.VERSION_OF_SHARED);
    }

    /** @throws IllegalArgumentException as for {@link #read} */
    void check(Selection selection) {
        for (String output : selection.outputs()) {
            if (!outputs().contains(output)) {
                throw new IllegalArgumentException(
                        "the recording in '" + directory + "' has no output '" + output + "'; it has " + outputs());
            }
        }
    }

    static UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException("cannot read on in a recording: " + e.getMessage(), e);
    }

    @Override
    public String toString() {
        return "recording of dataflow '" + dataflow() + "' in '" + directory + "'";
    }
}
