package io.millrace;

import io.millrace.runtime.DataflowRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;

/**
 * Loads what a first start needs while the first dataflow file is being read: a cold start spends most of its time in loading classes one after the other. Once for a class loader, on a thread of its own
 * that ends when it is done, a fraction of a second later; a machine of one core goes without.
 *
 * <p>Classes are loaded and linked, but not initialised: nothing of anybody runs any earlier or in another order. Each name in the list is a hint: what is not there is missed by nobody, and what of it is
 * needed after all will be loaded, or complained about, where it is needed.
 */
final class ClassesAhead implements Runnable {
    static final String LIST = "first-start.txt";

    private final ClassLoader loader;

    private ClassesAhead(ClassLoader loader) {
        this.loader = loader;
    }

    /** Begins with it, unless somebody has. Does not wait. */
    static void begin() {
        Once.begin();
    }

    @Override
    public void run() {
        try {
            loadAll();
            openJars();
        } catch (IOException e) {
            return; // a hint that cannot be read
        }
    }

    private void loadAll() throws IOException {
        URL list = ClassesAhead.class.getResource(LIST);
        if (list == null) {
            return; // as when somebody has packed the jars anew without it
        }
        URLConnection connection = list.openConnection();
        connection.setUseCaches(false); // else its jar would stay open
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    load(line);
                }
            }
        }
    }

    private void load(String name) {
        try {
            var unused = Class.forName(name, false, loader).getDeclaredConstructors(); // which links it
        } catch (ClassNotFoundException | LinkageError e) {
            return; // a hint that does not hold
        }
    }

    /** Those of the class path that nobody has looked into yet: who looks for a service looks into all. */
    private void openJars() throws IOException {
        Enumeration<URL> services = loader.getResources("META-INF/services/" + DataflowRuntime.class.getName());
        while (services.hasMoreElements()) {
            services.nextElement();
        }
    }

    /** Whose initialiser runs once. */
    private static final class Once {
        static {
            ClassLoader loader = ClassesAhead.class.getClassLoader();
            if (loader != null && Runtime.getRuntime().availableProcessors() > 1) {
                Thread thread = new Thread(null, new ClassesAhead(loader), "millrace-classes", 0, false);
                thread.setDaemon(true);
                thread.start();
            }
        }

        private Once() {}

        static void begin() {
            // all is done by being called
        }
    }
}
