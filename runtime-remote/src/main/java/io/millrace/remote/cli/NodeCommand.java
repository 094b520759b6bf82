package io.millrace.remote.cli;

import io.millrace.remote.Cluster;
import io.millrace.remote.Job;
import io.millrace.remote.wire.CodeNames;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace node}: what is done to one node of a job. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Restarts or stops one node of a job.")
final class NodeCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: restart or stop");
    }

    /** What is asked of the cluster. */
    @FunctionalInterface
    private interface Act {
        void on(Cluster cluster, String job, String node);
    }

    /** Both are the same but for the word. */
    private abstract static class Action implements Callable<Integer> {
        private final Console console;
        private final Act act;
        private final String done;

        @Parameters(paramLabel = "NODE", description = "The node's id.")
        @SuppressWarnings("NullAway.Init")
        private String node;

        @Mixin
        private final JobOption job = new JobOption();

        @Mixin
        private final ClientOptions options = new ClientOptions();

        Action(Console console, Act act, String done) {
            this.console = console;
            this.act = act;
            this.done = done;
        }

        /** What has ended for good stays so, and nobody would say that nothing has become of it. */
        private void requireRunning(Cluster cluster, Job meant) {
            if (meant.state() != Job.State.RUNNING) {
                return; // the masters refuse it
            }
            cluster.attach(meant.id()).status().nodes().stream()
                    .filter(each -> each.id().equals(CodeNames.nodeOf(node))
                            && each.state().isFinal())
                    .findFirst()
                    .ifPresent(ended -> {
                        throw new NoSuchThingException("node '" + ended.id() + "' of job '" + meant.name()
                                + "' has ended: it is " + ended.state().name().toLowerCase(Locale.ROOT));
                    });
        }

        @Override
        public Integer call() throws InterruptedException {
            return new ClusterTask(console, options).run(cluster -> {
                Job meant = job.choose(cluster);
                requireRunning(cluster, meant);
                act.on(cluster, meant.id(), node);
                if (options.isJson()) {
                    Map<String, @Nullable Object> json = new LinkedHashMap<>();
                    json.put("job", meant.name());
                    json.put("node", node);
                    json.put("done", done);
                    console.out().print(Json.write(json));
                } else {
                    console.out().println(Printable.line("node '" + node + "' of job '" + meant.name() + "' " + done));
                }
                return ExitCode.OK;
            });
        }
    }

    @Command(
            name = "restart",
            mixinStandardHelpOptions = true,
            versionProvider = VersionProvider.class,
            description = "Ends a node and starts it again, as its next incarnation.")
    static final class Restart extends Action {
        Restart(Console console) {
            super(console, Cluster::restartNode, "is restarted");
        }
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            versionProvider = VersionProvider.class,
            description = "Ends a node; the others run on without it.")
    static final class Stop extends Action {
        Stop(Console console) {
            super(console, Cluster::stopNode, "is stopped");
        }
    }
}
