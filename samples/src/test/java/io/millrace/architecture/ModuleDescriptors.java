package io.millrace.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the modules of the library say of themselves, read from their compiled descriptors on the class path. One has none: Apache Ratis, which it needs, brings
 * packages that others have as well, and so cannot be on a module path with them.
 */
final class ModuleDescriptors {
    private static final String FILE = "module-info.class";
    private static final String REMOTE = "io.millrace.remote";
    private static final String REMOTE_TESTKIT = "io.millrace.remote.testkit";
    private static final String OF_REMOTE = "io/millrace/remote/package-info.class";

    private final Map<ModuleDescriptor, URL> roots = new TreeMap<>();

    static ModuleDescriptors onClassPath() {
        ModuleDescriptors found = new ModuleDescriptors();
        try {
            for (URL url :
                    Collections.list(ModuleDescriptors.class.getClassLoader().getResources(FILE))) {
                found.add(url);
            }
            found.addRemote();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private void add(URL url) throws IOException {
        try (InputStream in = url.openStream()) {
            ModuleDescriptor descriptor = ModuleDescriptor.read(in);
            if (descriptor.name().startsWith("io.millrace.")) {
                String text = url.toExternalForm();
                roots.put(descriptor, new URL(text.substring(0, text.length() - FILE.length())));
            }
        }
    }

    private void addRemote() throws IOException {
        URL known =
                Objects.requireNonNull(ModuleDescriptors.class.getClassLoader().getResource(OF_REMOTE), OF_REMOTE);
        String text = known.toExternalForm();
        roots.put(
                ModuleDescriptor.newModule(REMOTE)
                        .exports(REMOTE)
                        .exports(REMOTE_TESTKIT)
                        .packages(Set.of(REMOTE, REMOTE_TESTKIT))
                        .build(),
                new URL(text.substring(0, text.length() - OF_REMOTE.length())));
    }

    Set<String> names() {
        return roots.keySet().stream().map(ModuleDescriptor::name).collect(Collectors.toSet());
    }

    /** Where the classes of these modules are: directories or jars. */
    Set<URL> roots() {
        return Set.copyOf(roots.values());
    }

    /** The packages that any module may use; those exported to our own modules only are not among them. */
    Set<String> exportedPackages() {
        return roots.keySet().stream()
                .flatMap(module -> module.exports().stream())
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
    }
}
