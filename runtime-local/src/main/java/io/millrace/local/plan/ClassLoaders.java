package io.millrace.local.plan;

import io.millrace.local.code.EntriesFirstLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loaders of nodes that have a {@code classpath}: one for equal entries. Used by one thread at a time. */
final class ClassLoaders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClassLoaders.class);

    private final ClassLoader parent;
    private final Map<List<Path>, EntriesFirstLoader> loaders = new HashMap<>();

    ClassLoaders(ClassLoader parent) {
        this.parent = parent;
    }

    /** Without entries, the parent. */
    ClassLoader of(List<Path> entries) {
        return entries.isEmpty()
                ? parent
                : loaders.computeIfAbsent(entries, entry -> EntriesFirstLoader.of(entry, parent));
    }

    /** Idempotent. */
    @Override
    public void close() {
        for (EntriesFirstLoader loader : loaders.values()) {
            try {
                loader.close();
            } catch (IOException e) {
                LOG.warn("a class path could not be closed: {}", loader, e);
            }
        }
        loaders.clear();
    }
}
