package io.millrace.remote.cli;

import io.millrace.remote.Cluster;
import io.millrace.remote.ClusterConfig;
import io.millrace.remote.ClusterException;
import io.millrace.remote.client.ClusterUnreachableException;
import io.millrace.remote.client.OutputLostException;
import io.millrace.remote.client.RefusedException;
import io.millrace.remote.link.NetworkException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What a command does with a cluster, with one line for whatever goes wrong there. */
final class ClusterTask {
    private final Console console;
    private final boolean isVerbose;
    private final boolean isJson;
    private final Supplier<ClusterConfig.Builder> configs;

    ClusterTask(Console console, ClientOptions options) {
        this(console, options.isVerbose(), options.isJson(), options::config);
    }

    /** @param configs throws {@link IllegalArgumentException} if something in it cannot be */
    ClusterTask(Console console, boolean isVerbose, boolean isJson, Supplier<ClusterConfig.Builder> configs) {
        this.console = console;
        this.isVerbose = isVerbose;
        this.isJson = isJson;
        this.configs = configs;
    }

    /** The task itself. */
    @FunctionalInterface
    interface Body {
        /** @return the exit code */
        int run(Cluster cluster) throws InterruptedException;
    }

    /** Connects, runs it, and says why where that fails. Blocks. */
    int run(Body body) throws InterruptedException {
        return run(config -> config, body);
    }

    /** @param more what this command has to add */
    int run(UnaryOperator<ClusterConfig.Builder> more, Body body) throws InterruptedException {
        Logging.configure(isVerbose);
        ClusterConfig config;
        try {
            config = more.apply(configs.get()).build();
        } catch (IllegalArgumentException e) {
            return fail(ExitCode.INVALID, e);
        }
        try (Cluster cluster = Cluster.connect(config)) {
            return body.run(cluster);
        } catch (ClusterException e) {
            return tell(config, e.getCause() instanceof RuntimeException cause ? cause : e);
        } catch (ClusterUnreachableException | RefusedException e) { // as a handle throws them
            return tell(config, e);
        } catch (NetworkException e) { // certificates that cannot be used, or are another member's
            return fail(ExitCode.INVALID, e);
        } catch (OutputLostException e) {
            return fail(ExitCode.FAILED, e);
        } catch (NoSuchThingException e) {
            return fail(ExitCode.UNKNOWN, e);
        }
    }

    private int tell(ClusterConfig config, RuntimeException error) {
        if (error instanceof RefusedException refused) {
            return fail(codeOf(refused), error);
        }
        int code = fail(ExitCode.UNREACHABLE, error);
        console.err()
                .println("hint: is a master running at " + config.masters()
                        + "? 'millrace up' starts a cluster on this machine, and --join says where another one is");
        return code;
    }

    private static int codeOf(RefusedException refused) {
        return switch (refused.reason()) {
            case UNKNOWN -> ExitCode.UNKNOWN;
            case INVALID -> ExitCode.INVALID;
            case UNAVAILABLE -> ExitCode.UNREACHABLE;
            case CONFLICT, UNPLACEABLE, LIMIT -> ExitCode.REFUSED;
        };
    }

    /** Says it, and returns the code. */
    int fail(int code, Exception error) {
        new Complaint(console, isJson).tell(code, String.valueOf(error.getMessage()));
        if (isVerbose) {
            error.printStackTrace(console.err());
        }
        return code;
    }
}
