package io.millrace.remote.cli;

import io.millrace.remote.link.Identity;
import io.millrace.remote.link.NetworkException;
import io.millrace.remote.link.Role;
import io.millrace.remote.link.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace certs}. */
@Command(
        name = "certs",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Makes certificates to try a cluster with mutual TLS, and an authority of its own for them.",
        footer = {
            "",
            "Files: ca.pem, which all members trust, ca-key.pem, and for each member ROLE-NAME.pem and ROLE-NAME-key.pem. Keys can be read by their owner alone. "
                    + "Where DIR has an authority already, members are added to it; no file is ever overwritten.",
            "Whoever has ca-key.pem can make members: for a cluster that matters, have your own authority issue certificates with the names that this prints.",
            "Exit code: 0 they are made, 1 the files cannot be written, 2 the directory or a name cannot be used."
        })
final class CertsCommand implements Callable<Integer> {
    private static final String AUTHORITY = "ca";
    private static final int MOST_DAYS = 36_500;

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "Where to write them.")
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Option(names = "--cluster", paramLabel = "NAME", required = true, description = "The cluster's name.")
    @SuppressWarnings("NullAway.Init")
    private String cluster;

    @Option(names = "--master", paramLabel = "NAME", split = ",", description = "A master; repeatable, or with commas.")
    private List<String> masters = List.of();

    @Option(
            names = "--executor",
            paramLabel = "MACHINE-ID",
            split = ",",
            description = "An executor; repeatable, or with commas.")
    private List<String> executors = List.of();

    @Option(names = "--client", paramLabel = "NAME", split = ",", description = "A client; repeatable, or with commas.")
    private List<String> clients = List.of();

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "365",
            description = "How long a new authority and what it issues are valid. Default: ${DEFAULT-VALUE}.")
    private int days;

    @Option(names = "--json", description = "Print what was made as JSON.")
    private boolean isJson;

    CertsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<Identity> members = members();
        try {
            Map<String, TestAuthority.Certificate> made = make(members);
            CertificateFiles files = new CertificateFiles(directory);
            files.requireFree(made.keySet());
            files.write(made);
            report(members, made);
            return ExitCode.OK;
        } catch (NetworkException | CertificateFiles.TakenException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            console.err().println("millrace certs: " + Printable.line(e.toString()));
            return new Complaint(console, isJson).tellPrograms(ExitCode.FAILED, e.toString());
        }
    }

    private List<Identity> members() {
        if (days < 1 || days > MOST_DAYS) {
            throw new ParameterException(spec.commandLine(), "--days is " + days + ": expected 1 to " + MOST_DAYS);
        }
        List<Identity> members = new ArrayList<>();
        add(members, Role.MASTER, masters);
        add(members, Role.EXECUTOR, executors);
        add(members, Role.CLIENT, clients);
        if (members.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "nobody to make certificates for: give --master, --executor or --client");
        }
        return members;
    }

    private void add(List<Identity> members, Role role, List<String> names) {
        for (String name : names) {
            try {
                members.add(Identity.of(cluster, role, name));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(
                        spec.commandLine(), "'" + cluster + "', '" + name + "': " + e.getMessage(), e);
            }
        }
    }

    /** By the names of their files, a new authority first. */
    private Map<String, TestAuthority.Certificate> make(List<Identity> members) {
        Map<String, TestAuthority.Certificate> made = new LinkedHashMap<>();
        Path own = directory.resolve(AUTHORITY + ".pem");
        TestAuthority authority;
        if (Files.exists(own, LinkOption.NOFOLLOW_LINKS)) {
            authority = TestAuthority.read(own, directory.resolve(AUTHORITY + "-key.pem"));
        } else {
            authority = TestAuthority.create(cluster, Instant.now(), Duration.ofDays(days));
            made.put(AUTHORITY, authority.authority());
        }
        for (Identity member : members) {
            made.put(member.role().text() + "-" + member.name(), authority.issue(List.of(member)));
        }
        return made;
    }

    private void report(List<Identity> members, Map<String, TestAuthority.Certificate> made) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (Identity member : members) {
            String name = member.role().text() + "-" + member.name();
            Map<String, String> row = new LinkedHashMap<>();
            row.put("role", member.role().text());
            row.put("name", member.name());
            row.put("identity", member.uri().toString());
            row.put("certificate", directory.resolve(name + ".pem").toString());
            row.put("key", directory.resolve(name + "-key.pem").toString());
            rows.add(row);
        }
        String trusted = directory.resolve(AUTHORITY + ".pem").toString();
        if (isJson) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("cluster", cluster);
            all.put("trusted", trusted);
            all.put("isNewAuthority", made.containsKey(AUTHORITY));
            all.put("members", rows);
            console.out().print(Json.write(all));
        } else {
            console.out()
                    .println((made.containsKey(AUTHORITY) ? "new authority " : "authority ") + Printable.line(trusted));
            rows.forEach(row -> console.out()
                    .println(row.get("identity") + "  " + Printable.line(String.valueOf(row.get("certificate"))) + "  "
                            + Printable.line(String.valueOf(row.get("key")))));
        }
    }
}
