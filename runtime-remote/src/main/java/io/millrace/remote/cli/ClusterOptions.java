package io.millrace.remote.cli;

import io.millrace.remote.TlsFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which cluster it is, and how its members know each other: of every command that has to do with one. */
final class ClusterOptions {
    @Spec(Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            defaultValue = "millrace",
            description = "The cluster's name: members of another one are refused. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String cluster;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "This member's certificate and those that lead to the authority's, PEM.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "The certificate's key, PEM.")
    private @Nullable Path key;

    @Option(names = "--tls-ca", paramLabel = "FILE", description = "The authority whose certificates are trusted, PEM.")
    private @Nullable Path authority;

    @Option(
            names = "--insecure",
            description =
                    "Speaks in the clear with other machines too: whoever reaches a port of the cluster can then run anything on its machines.")
    private boolean insecure;

    String cluster() {
        return cluster;
    }

    boolean isInsecure() {
        return insecure;
    }

    /** @throws ParameterException if some of the three files are said and others not, or one is missing */
    Optional<TlsFiles> tls() {
        if (certificate == null && key == null && authority == null) {
            return Optional.empty();
        }
        return Optional.of(new TlsFiles(
                existing("--tls-cert", certificate), existing("--tls-key", key), existing("--tls-ca", authority)));
    }

    private Path existing(String option, @Nullable Path file) {
        if (file == null) {
            throw refuse("--tls-cert, --tls-key and --tls-ca belong together, but there is no " + option);
        }
        if (!file.toFile().isFile()) {
            throw refuse(option + ": there is no file '" + file + "'");
        }
        return file;
    }

    private ParameterException refuse(String reason) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), reason);
    }

    /** The same options for another command of this program. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--cluster", cluster));
        tls().ifPresent(files -> arguments.addAll(List.of(
                "--tls-cert",
                files.certificate().toAbsolutePath().toString(),
                "--tls-key",
                files.key().toAbsolutePath().toString(),
                "--tls-ca",
                files.authority().toAbsolutePath().toString())));
        if (insecure) {
            arguments.add("--insecure");
        }
        return arguments;
    }
}
