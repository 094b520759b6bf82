package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

/** The files of docs/cluster: of the right form, understood by our own command line, and with names that fit each other. Whether containers start with them is not tested. */
class DeploymentFilesTest {
    private static final Path COMPOSE = Path.of("../docs/cluster/compose.yml");
    private static final Path KUBERNETES = Path.of("../docs/cluster/kubernetes.yml");

    @TempDir
    private Path directory;

    private static Schema schema(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(DeploymentFilesTest.class.getResourceAsStream(name + ".schema.json"))) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @SuppressWarnings("unchecked") // what YAML makes of mappings
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked") // and of sequences
    private static List<Object> list(Object value) {
        return (List<Object>) value;
    }

    private static List<Map<String, Object>> documents(Path file) throws IOException {
        List<Map<String, Object>> documents = new ArrayList<>();
        new Yaml().loadAll(Files.readString(file)).forEach(document -> documents.add(map(document)));
        return documents;
    }

    private static Map<String, Object> services() throws IOException {
        return map(documents(COMPOSE).get(0).get("services"));
    }

    private static Map<String, Object> container(Map<String, Object> set) {
        return map(
                list(map(map(map(set.get("spec")).get("template")).get("spec")).get("containers"))
                        .get(0));
    }

    private static List<Map<String, Object>> sets() throws IOException {
        return documents(KUBERNETES).stream()
                .filter(document -> document.get("kind").equals("StatefulSet"))
                .toList();
    }

    /** Merges are YAML's, not JSON's: so the schema sees what comes of them. */
    @Test
    void shouldHaveTheFormOfItsKindWhenItIsReadAsData() throws IOException {
        assertThat(schema("compose").validate(Json.write(documents(COMPOSE).get(0)), InputFormat.JSON))
                .isEmpty();
        for (Map<String, Object> document : documents(KUBERNETES)) {
            assertThat(schema("kubernetes").validate(Json.write(document), InputFormat.JSON))
                    .as("%s", document)
                    .isEmpty();
        }
    }

    @Test
    void shouldBeFoundWrongWhenAKeyIsMisspelt() throws IOException {
        Map<String, Object> compose = documents(COMPOSE).get(0);
        map(map(compose.get("services")).get("m1")).put("comand", "x");
        assertThat(schema("compose").validate(Json.write(compose), InputFormat.JSON))
                .isNotEmpty();

        Map<String, Object> set = sets().get(0);
        container(set).put("argz", List.of());
        assertThat(schema("kubernetes").validate(Json.write(set), InputFormat.JSON))
                .isNotEmpty();
    }

    @Test
    void shouldBeUnderstoodByTheCommandLineWhenACommandIsRead() throws IOException {
        for (Map.Entry<String, Object> service : services().entrySet()) {
            Object command = map(service.getValue()).get("command");
            if (command instanceof String line) {
                parse(List.of(line.strip().split("\\s+")));
            }
        }
        for (Map<String, Object> set : sets()) {
            for (int pod = 0; pod < 3; pod++) {
                parse(arguments(set, pod));
            }
        }
    }

    private static List<String> arguments(Map<String, Object> set, int pod) {
        String name = map(set.get("metadata")).get("name") + "-" + pod;
        return list(container(set).get("args")).stream()
                .map(argument -> String.valueOf(argument).replace("$(POD_NAME)", name))
                .toList();
    }

    private static void parse(List<String> arguments) {
        CommandLine.ParseResult parsed =
                Main.commandLine(new Streams().console()).parseArgs(arguments.toArray(String[]::new));
        assertThat(parsed.subcommand().matchedOptions()).as("%s", arguments).isNotEmpty();
    }

    @Test
    void shouldNameTheCertificatesThatTheCommandAtTheTopMakes() throws IOException {
        Set<String> inCompose = certificates(Files.readString(COMPOSE));
        assertThat(inCompose).isSubsetOf(made(COMPOSE)).hasSize(2 * 7 + 1);

        Set<String> inPods = new TreeSet<>();
        for (Map<String, Object> set : sets()) {
            for (int pod = 0; pod < 3; pod++) {
                inPods.addAll(certificates(String.join(" ", arguments(set, pod))));
            }
        }
        assertThat(inPods).isSubsetOf(made(KUBERNETES)).hasSize(2 * 6 + 1);
    }

    private static Set<String> certificates(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = Pattern.compile("/certs/([a-z0-9-]+\\.pem)").matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private Set<String> made(Path file) throws IOException {
        String line = Files.readAllLines(file).stream()
                .filter(each -> each.contains("millrace certs"))
                .findFirst()
                .orElseThrow();
        Path certificates = directory.resolve(file.getFileName());
        String command = line.substring(line.indexOf("certs ")).replace("--dir certs", "--dir " + certificates);
        assertThat(new Streams().execute(command.split(" "))).isZero();
        try (var files = Files.list(certificates)) {
            return new TreeSet<>(
                    files.map(path -> path.getFileName().toString()).toList());
        }
    }

    @Test
    void shouldListenWhereOthersLookForIt() throws IOException {
        assertThat(portsOf("masters")).containsExactlyInAnyOrder(Addresses.MASTER_PORT, Addresses.RAFT_PORT);
        assertThat(portsOf("executors")).containsExactly(Addresses.LINK_PORT);
        for (Map<String, Object> set : sets()) {
            String service = String.valueOf(map(set.get("spec")).get("serviceName"));
            List<Object> ports = list(container(set).get("ports")).stream()
                    .map(port -> map(port).get("containerPort"))
                    .toList();
            assertThat(ports).containsAll(portsOf(service)).contains(8080);
            assertThat(arguments(set, 0)).contains("--http-addr=0.0.0.0:8080");
            assertThat(volumes(set)).containsAll(mounts(set));
        }
    }

    private static List<Object> portsOf(String service) throws IOException {
        return documents(KUBERNETES).stream()
                .filter(document -> document.get("kind").equals("Service")
                        && map(document.get("metadata")).get("name").equals(service))
                .flatMap(document -> list(map(document.get("spec")).get("ports")).stream())
                .map(port -> map(port).get("port"))
                .toList();
    }

    private static List<Object> mounts(Map<String, Object> set) {
        return list(container(set).get("volumeMounts")).stream()
                .map(mount -> map(mount).get("name"))
                .toList();
    }

    private static List<Object> volumes(Map<String, Object> set) {
        Map<String, Object> spec = map(set.get("spec"));
        List<Object> names = new ArrayList<>();
        list(map(map(spec.get("template")).get("spec")).get("volumes"))
                .forEach(volume -> names.add(map(volume).get("name")));
        list(spec.get("volumeClaimTemplates"))
                .forEach(claim -> names.add(map(map(claim).get("metadata")).get("name")));
        return names;
    }

    @Test
    void shouldHaveAVolumeForEveryNameThatAServiceMounts() throws IOException {
        Set<String> declared = map(documents(COMPOSE).get(0).get("volumes")).keySet();
        for (Object service : services().values()) {
            list(map(service).get("volumes")).stream()
                    .map(volume -> String.valueOf(volume).replaceFirst(":.*", ""))
                    .filter(name -> !name.startsWith("."))
                    .forEach(name -> assertThat(declared).contains(name));
        }
    }
}
