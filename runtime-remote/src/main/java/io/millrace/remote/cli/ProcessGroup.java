package io.millrace.remote.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program and all that it starts, so that a signal reaches them together. A group of its own where the system has {@code setsid}: then what a terminal sends to this process's group
 * does not reach it; elsewhere the descendants that are known. Used by one thread.
 */
final class ProcessGroup {
    private final Process leader;
    private final boolean isGroup;

    private ProcessGroup(Process leader, boolean isGroup) {
        this.leader = leader;
        this.isGroup = isGroup;
    }

    /** Its standard input is empty, its standard error goes where its standard output goes. */
    static ProcessGroup start(List<String> words, Path directory, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>(words);
        // A child of ours leads no group, so setsid becomes the program instead of starting it: one process, whose id is also the group's.
        boolean isGroup = hasSetsid();
        if (isGroup) {
            command.add(0, "setsid");
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process leader = builder.start();
        leader.getOutputStream().close();
        return new ProcessGroup(leader, isGroup);
    }

    private static boolean hasSetsid() {
        try {
            ProgramSearch.find("setsid", Path.of("").toAbsolutePath(), System.getenv());
            return System.getProperty("os.name", "").startsWith("Linux");
        } catch (IOException notThere) {
            return false;
        }
    }

    InputStream output() {
        return leader.getInputStream();
    }

    /** Whether the program itself has ended. */
    boolean awaitExit(long timeoutMs) throws InterruptedException {
        return leader.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** Of the program itself; 128 and the signal's number if one ended it. */
    int exitCode() {
        return leader.exitValue();
    }

    /** Asks all of them to end. False if there was nobody to ask, as when the program has not quite started. */
    boolean terminate() throws IOException, InterruptedException {
        return isGroup ? signal("TERM") : each(ProcessHandle::destroy);
    }

    /** Ends all of them. */
    boolean kill() throws IOException, InterruptedException {
        return isGroup ? signal("KILL") : each(ProcessHandle::destroyForcibly);
    }

    private boolean signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " -" + leader.pid())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return kill.waitFor() == 0;
    }

    private boolean each(java.util.function.Predicate<ProcessHandle> act) {
        boolean any = leader.descendants().map(act::test).reduce(false, Boolean::logicalOr);
        return act.test(leader.toHandle()) || any;
    }
}
