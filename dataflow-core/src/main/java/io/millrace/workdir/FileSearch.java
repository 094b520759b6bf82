package io.millrace.workdir;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One written path of a target and the places where its file may be on one machine, in the order they are tried.
 *
 * @param syntax of the machine it is looked for on
 * @param candidates the resolved path, then the other names the file may have there
 */
public record FileSearch(NodeTarget of, String written, Row row, PathSyntax syntax, List<String> candidates) {

    public FileSearch {
        candidates = List.copyOf(candidates);
    }

    static FileSearch of(NodeTarget of, String written, Row row, String resolved, List<OperatingSystem> systems) {
        PathSyntax syntax = systems.get(0).pathSyntax();
        String name = syntax.name(resolved);
        String directory = resolved.substring(0, resolved.length() - name.length());
        List<String> candidates = systems.stream()
                .flatMap(system -> of.target().fileNames(name, system).stream())
                .distinct()
                .map(directory::concat)
                .toList();
        return new FileSearch(of, written, row, syntax, candidates);
    }

    /** The first candidate that is there: a file, or for a class path entry also a directory. */
    public Optional<String> find(FileView files) {
        return candidates.stream()
                .filter(candidate -> isWanted(files.kind(syntax, candidate)))
                .findFirst();
    }

    private boolean isWanted(FileView.Kind kind) {
        return switch (kind) {
            case FILE -> true;
            case DIRECTORY -> of.target() instanceof Target.JavaClass;
            case MISSING -> false;
        };
    }

    /** Says what was tried on the named machine, and why; to be used after {@link #find} found nothing. */
    String notFound(String machine, FileView files) {
        String first = candidates.get(0);
        String place = of.inWords() + ": " + of.target().key() + " '" + written + "' resolved to '" + first
                + "' by the rule '" + row + "' on " + machine + ", ";
        String refusal = syntax.isAbsolute(first) ? files.refusal(first) : "";
        if (!refusal.isEmpty()) {
            return place + refusal;
        }
        boolean isDirectory = files.kind(syntax, first) == FileView.Kind.DIRECTORY;
        String others = candidates.stream()
                .skip(1)
                .map(candidate -> ", nor '" + candidate + "'")
                .collect(Collectors.joining());
        return place + "where "
                + (isDirectory ? "that is a directory, not a file" : "there is no such file") + others
                + ": build it there, or correct the " + of.target().key();
    }
}
