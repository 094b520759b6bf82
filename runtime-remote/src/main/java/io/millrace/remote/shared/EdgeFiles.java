package io.millrace.remote.shared;

import io.millrace.local.edge.BodyFiles;
import io.millrace.local.shared.SharedFiles;
import io.millrace.local.shared.SharedFiles.Token;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The files of one edge: its ring, and its large bodies. Any thread. */
final class EdgeFiles implements BodyFiles {
    private final SharedFiles files;
    private final String name;
    private final Token token;
    private final Set<String> made = ConcurrentHashMap.newKeySet();

    EdgeFiles(SharedFiles files, String name, Token token) {
        this.files = files;
        this.name = name;
        this.token = token;
    }

    String name() {
        return name;
    }

    Token token() {
        return token;
    }

    ByteBuffer createRing(int bytes) throws IOException {
        return create(name, bytes);
    }

    ByteBuffer openRing() throws IOException {
        return files.open(name, token);
    }

    /** It is not opened any more, and lives as long as it is mapped. */
    void deleteRing() {
        delete(name);
    }

    @Override
    public ByteBuffer create(int number, int bytes) throws IOException {
        return create(name + "-" + number, bytes);
    }

    private ByteBuffer create(String file, int bytes) throws IOException {
        made.add(file);
        return files.create(file, bytes, token);
    }

    @Override
    public ByteBuffer open(int number) throws IOException {
        return files.open(name + "-" + number, token);
    }

    @Override
    public void delete(int number) {
        delete(name + "-" + number);
    }

    private void delete(String file) {
        if (made.remove(file)) {
            files.delete(file);
        }
    }

    /** What this end has made. */
    void deleteAll() {
        made.forEach(this::delete);
    }
}
