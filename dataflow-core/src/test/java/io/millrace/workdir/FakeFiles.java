package io.millrace.workdir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** File systems of one machine, with exactly what a test put there. */
final class FakeFiles implements FileView {
    private final PathSyntax syntax;
    private final Map<String, Kind> kinds = new HashMap<>();
    private final Set<String> readOnly = new HashSet<>();

    FakeFiles(PathSyntax syntax) {
        this.syntax = syntax;
    }

    FakeFiles file(String path) {
        kinds.put(path, Kind.FILE);
        return this;
    }

    FakeFiles directory(String path) {
        kinds.put(path, Kind.DIRECTORY);
        return this;
    }

    FakeFiles readOnly(String path) {
        readOnly.add(path);
        return directory(path);
    }

    FakeFiles without(String path) {
        kinds.remove(path);
        return this;
    }

    @Override
    public Kind kind(String absolutePath) {
        assertThat(syntax.isAbsolute(absolutePath))
                .as("the rules ask only for absolute paths, not for '%s'", absolutePath)
                .isTrue();
        return kinds.getOrDefault(absolutePath, Kind.MISSING);
    }

    @Override
    public boolean isWritable(String directory) {
        return !readOnly.contains(directory);
    }
}
