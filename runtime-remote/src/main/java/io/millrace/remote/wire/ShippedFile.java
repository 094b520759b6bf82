package io.millrace.remote.wire;

/**
 * A file that travels with its job.
 *
 * @param nodeId of the node that names it
 * @param written how the dataflow file names it
 * @param sha256 of its contents, in hexadecimal: its name among artifacts
 * @param relativePath where it stands below the node's copies, with {@code /}: a directory is shipped file by file
 */
public record ShippedFile(
        String nodeId, String written, String relativePath, String sha256, long sizeBytes, boolean isExecutable) {}
