package io.millrace.local.code;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/** The JDK, Millrace and slf4j from the parent, all else from the entries first. */
public final class EntriesFirstLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private EntriesFirstLoader(URL[] entries, ClassLoader parent) {
        super(entries, parent);
    }

    /** Over jars and directories. */
    public static EntriesFirstLoader of(List<Path> entries, ClassLoader parent) {
        List<URL> urls = new ArrayList<>();
        for (Path entry : entries) {
            try {
                urls.add(entry.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException("not a path of this system: " + entry, e);
            }
        }
        return new EntriesFirstLoader(urls.toArray(URL[]::new), parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            if (found == null) {
                found = isShared(name) ? super.loadClass(name, false) : findHereFirst(name);
            }
            if (resolve) {
                resolveClass(found);
            }
            return found;
        }
    }

    @Override
    public URL getResource(String name) {
        URL here = findResource(name);
        return here != null ? here : super.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> found = new ArrayList<>(Collections.list(findResources(name)));
        found.addAll(Collections.list(getParent().getResources(name)));
        return Collections.enumeration(found);
    }

    private Class<?> findHereFirst(String name) throws ClassNotFoundException {
        try {
            return findClass(name);
        } catch (ClassNotFoundException notHere) {
            return super.loadClass(name, false);
        }
    }

    private static boolean isShared(String name) {
        if (name.startsWith("io.millrace.") || name.startsWith("org.slf4j.")) {
            return true;
        }
        try {
            getPlatformClassLoader().loadClass(name);
            return true;
        } catch (ClassNotFoundException notOfTheJdk) {
            return false;
        }
    }
}
