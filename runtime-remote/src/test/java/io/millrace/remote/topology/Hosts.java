package io.millrace.remote.topology;

import io.millrace.remote.cli.CommandsInSeries;
import io.millrace.remote.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Some hosts, made of this one: each a network namespace with an address of its own on a switch, and a directory, at the same path for all, with other contents on each. Only
 * what is below that directory differs; Java, the class path and the directory for reports are shared. Needs root, {@code ip} and {@code unshare}.
 */
final class Hosts implements AutoCloseable {
    private static final String NETWORK = "10.77.0.";

    private final Path root;
    private final String prefix;
    private final int count;
    private final List<Process> processes = new ArrayList<>();

    private Hosts(Path root, String prefix, int count) {
        this.root = root;
        this.prefix = prefix;
        this.count = count;
    }

    /** Why there can be none here; empty where there can. */
    static Optional<String> whyNot() {
        try {
            String probe = "mrprobe" + ProcessHandle.current().pid();
            run("ip", "netns", "add", probe);
            try {
                run(
                        "ip",
                        "netns",
                        "exec",
                        probe,
                        "unshare",
                        "-m",
                        "--propagation",
                        "private",
                        "sh",
                        "-c",
                        "mount -t tmpfs none /mnt");
                run("ip", "-n", probe, "link", "add", "a0", "type", "veth", "peer", "name", "b0");
                run("ip", "-n", probe, "link", "add", "switch", "type", "bridge");
            } finally {
                run("ip", "netns", "del", probe);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** @param root whose directory {@code here} is that of each host */
    static Hosts make(Path root, int count) throws IOException {
        Hosts hosts = new Hosts(root, "mr" + ProcessHandle.current().pid() + "h", count);
        try {
            hosts.make();
            return hosts;
        } catch (IOException e) {
            hosts.close();
            throw e;
        }
    }

    private void make() throws IOException {
        Files.createDirectories(here());
        Files.createDirectories(shared());
        run("ip", "netns", "add", prefix + "s");
        run("ip", "-n", prefix + "s", "link", "add", "switch", "type", "bridge");
        run("ip", "-n", prefix + "s", "link", "set", "switch", "up");
        for (int host = 0; host < count; host++) {
            Files.createDirectories(contents(host));
            String name = prefix + host;
            run("ip", "netns", "add", name);
            run(
                    "ip",
                    "-n",
                    name,
                    "link",
                    "add",
                    "net0",
                    "type",
                    "veth",
                    "peer",
                    "name",
                    "port" + host,
                    "netns",
                    prefix + "s");
            run("ip", "-n", prefix + "s", "link", "set", "port" + host, "master", "switch", "up");
            run("ip", "-n", name, "addr", "add", address(host) + "/24", "dev", "net0");
            run("ip", "-n", name, "link", "set", "net0", "up");
            run("ip", "-n", name, "link", "set", "lo", "up");
        }
    }

    /** By which the other hosts reach it. */
    String address(int host) {
        return NETWORK + (host + 1);
    }

    /** The same path on every host, and something else at each. */
    Path here() {
        return root.resolve("here");
    }

    /** Where what a host has at {@link #here} really is; the hosts do not see this. */
    Path contents(int host) {
        return root.resolve("hosts").resolve("host" + host);
    }

    /** The same for all. */
    Path shared() {
        return root.resolve("shared");
    }

    /** Starts a program of this class path there. */
    private Process start(int host, Class<?> program, ProcessBuilder.Redirect out, Path err, List<String> arguments)
            throws IOException {
        String view = "mount --bind '" + contents(host) + "' '" + here() + "' && mount -t tmpfs none '"
                + root.resolve("hosts") + "' && cd / && exec \"$@\"";
        List<String> command = new ArrayList<>(List.of(
                "ip",
                "netns",
                "exec",
                prefix + host,
                "unshare",
                "-m",
                "--propagation",
                "private",
                "sh",
                "-c",
                view,
                "sh"));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-Xmx192m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Duser.home=" + here().resolve("home"),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err.toFile());
        builder.environment()
                .keySet()
                .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "MILLRACE_CLASSPATH"));
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Starts the command line there; what it prints is in the file. */
    Process start(int host, Path log, String... arguments) throws IOException {
        return start(host, Main.class, ProcessBuilder.Redirect.DISCARD, log, List.of(arguments));
    }

    /** Starts a command line there that takes many commands. */
    Commands commands(int host, Path log) throws IOException {
        return new Commands(start(host, CommandsInSeries.class, ProcessBuilder.Redirect.PIPE, log, List.of()));
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("'" + String.join(" ", command) + "' has failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Ends every process that was started here, and takes the namespaces away: whatever could not be made is not there. */
    @Override
    public void close() throws IOException {
        processes.forEach(Process::destroyForcibly);
        try {
            for (Process process : processes) {
                process.waitFor(30, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<String> names = new ArrayList<>(List.of(prefix + "s"));
        for (int host = 0; host < count; host++) {
            names.add(prefix + host);
        }
        for (String name : names) {
            if (Files.exists(Path.of("/run/netns", name))) {
                run("ip", "netns", "del", name);
            }
        }
    }
}
