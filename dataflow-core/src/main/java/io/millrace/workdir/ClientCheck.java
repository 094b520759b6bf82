package io.millrace.workdir;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a client can say about a node's location.
 *
 * @param isLocal empty if the executor is still to prove it
 * @param row the row that decides the working directory; empty while {@code isLocal} leaves it open
 * @param workingDirectory empty while the row is open, and where it gives none
 * @param required the files that must exist on the client; each is worked out when it is asked for
 * @param findings what is wrong or remarkable without looking at any file
 */
public record ClientCheck(
        Optional<Boolean> isLocal,
        Optional<Row> row,
        Optional<WorkingDirectory> workingDirectory,
        List<FileSearch> required,
        List<Finding> findings) {

    public ClientCheck {
        findings = List.copyOf(findings);
    }

    /** An error for each required file that the client does not have, which is looked for as the stream goes on. A check that skips paths does not ask. */
    public Stream<Finding> missing(FileView clientFiles) {
        return required.stream()
                .filter(search -> search.find(clientFiles).isEmpty())
                .map(search -> Finding.error(search.of(), search.notFound("the client", clientFiles)));
    }
}
