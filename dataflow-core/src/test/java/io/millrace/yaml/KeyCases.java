package io.millrace.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * For every key of the format, in every mapping where it may stand, values of the wrong type. What is wrong for which key is written
 * down here once more, by hand, so that the table by which files are read is not its own judge.
 */
final class KeyCases {
    private static final List<String> NOT_TEXT = List.of("5", "1.5", "true", "[a]", "{a: b}");
    private static final List<String> NOT_SCALAR_TEXT = List.of("5", "true", "[a]", "{a: b}");
    private static final String LONG = "a/" + "x".repeat(4_095);
    private static final List<String> NOT_A_PATH = List.of("5", "true", "[a]", "{a: b}", "' '", LONG);
    private static final List<String> NOT_A_FLAG = List.of("5", "text", "yes", "[a]", "{a: b}");
    private static final List<String> NOT_A_COUNT =
            List.of("text", "1.5", "-1", "true", "[1]", "{a: 1}", "99999999999");
    private static final List<String> NOT_A_DURATION =
            List.of("soon", "-1", "true", "[1]", "{a: 1}", ".inf", "5 parsecs");
    private static final List<String> NOT_A_SIZE = List.of("big", "1.5", "-1", "0", "true", "[1]", "{a: 1}", "5XB");
    private static final List<String> NOT_A_MAPPING = List.of("5", "text", "true", "[a]");
    private static final List<String> NOT_A_WORD = List.of("5", "true", "sometimes", "[a]", "{a: b}");

    /** A key at a place, with a value of the wrong type; the key stands in the last line. */
    record Case(String mapping, String key, String value, String document) {
        int line() {
            return (int) document.chars().filter(c -> c == '\n').count();
        }

        @Override
        public String toString() {
            return key + ": " + value + " in " + mapping;
        }
    }

    private KeyCases() {}

    /** A mapping of the format with what is needed around a key in it. */
    private record Place(Schema schema, String before, String indent, List<String> needed) {
        private String with(String key, String value) {
            StringBuilder text = new StringBuilder(before);
            needed.stream()
                    .filter(line -> isNeededBeside(line, key))
                    .forEach(line -> text.append(indent).append(line).append('\n'));
            return text.append(indent)
                    .append(key)
                    .append(": ")
                    .append(value)
                    .append('\n')
                    .toString();
        }
    }

    private static final List<Place> PLACES = List.of(
            new Place(DataflowSchema.ROOT, "", "", List.of("nodes: [{id: a, path: x}]")),
            new Place(
                    DataflowSchema.NODE, "nodes:\n  -\n", "    ", List.of("id: a", "path: x", "class: com.example.A")),
            new Place(DataflowSchema.CUSTOM_KEYS, "nodes:\n  - id: a\n    custom:\n", "      ", List.of("source: x")),
            new Place(
                    DataflowSchema.OPERATOR,
                    "nodes:\n  - id: a\n    operator:\n",
                    "      ",
                    List.of("python: x.py", "class: com.example.A")),
            new Place(
                    DataflowSchema.INPUT,
                    "nodes:\n  - id: a\n    path: x\n    inputs:\n      in:\n",
                    "        ",
                    List.of("source: dora/timer/millis/5")),
            new Place(DataflowSchema.DEPLOY, "nodes:\n  - id: a\n    path: x\n    deploy:\n", "      ", List.of()),
            new Place(DataflowSchema.ROOT_DEPLOY_KEYS, "nodes: [{id: a, path: x}]\ndeploy:\n", "  ", List.of()),
            new Place(
                    DataflowSchema.MACHINE_DEPLOY,
                    "nodes: [{id: a, path: x}]\ndeploy:\n  machines:\n    B:\n",
                    "      ",
                    List.of()),
            new Place(
                    DataflowSchema.PYTHON_SCRIPT,
                    "nodes:\n  - id: a\n    operator:\n      python:\n",
                    "        ",
                    List.of("source: x.py")));

    /** A node has one source, and some keys need a certain one. */
    private static boolean isNeededBeside(String line, String key) {
        boolean needsClass = key.equals("classpath") || key.equals("config");
        boolean isSource = List.of(
                        "class", "path", "custom", "operator", "operators", "python", "shared-library", "run", "source")
                .contains(key);
        return switch (line.substring(0, line.indexOf(':'))) {
            case "class" -> needsClass;
            case "path", "source", "python" -> !needsClass && !isSource;
            default -> !line.startsWith(key + ":");
        };
    }

    static Stream<Schema> mappings() {
        return PLACES.stream().map(Place::schema);
    }

    /** A document with a key in a mapping, in the last line. */
    static String document(Schema mapping, String key, String value) {
        return PLACES.stream()
                .filter(place -> place.schema == mapping)
                .findFirst()
                .orElseThrow()
                .with(key, value);
    }

    static Stream<Case> wrongTypes() {
        List<Case> cases = new ArrayList<>();
        mappings()
                .forEach(mapping -> mapping.keys()
                        .keySet()
                        .forEach(key -> wrongValues(mapping, key)
                                .forEach(value -> cases.add(
                                        new Case(mapping.name(), key, value, document(mapping, key, value))))));
        return cases.stream();
    }

    private static List<String> wrongValues(Schema mapping, String key) {
        return switch (key) {
            case "name" ->
                mapping == DataflowSchema.ROOT
                        ? List.of("5", "true", "[a]", "{a: b}", "' '", "\"a\\nb\"", "n".repeat(129))
                        : List.of("5", "true", "[a]", "{a: b}", "' '");
            case "id", "description", "class", "pattern", "build", "send_stdout_as", "send_logs_as" -> NOT_TEXT;
            case "args", "run", "conda_env" -> NOT_SCALAR_TEXT;
            case "machine" -> List.of("5", "true", "[a]", "{a: b}", "' '");
            case "path", "shared-library", "working_dir", "source" -> NOT_A_PATH;
            case "python" -> List.of("5", "true", "[a]", "{source: 5}", LONG);
            case "local", "exit_when_nodes_finish", "strict_types" -> NOT_A_FLAG;
            case "queue_size", "max_restarts" -> NOT_A_COUNT;
            case "threads" -> List.of("text", "1.5", "0", "-1", "1025", "true", "[1]", "{a: 1}");
            case "max_rotated_files" -> List.of("text", "1.5", "-1", "101", "true", "[1]", "{a: 1}");
            case "restart_delay", "max_restart_delay" -> NOT_A_DURATION;
            case "restart_window", "health_check_timeout", "health_check_interval", "input_timeout" ->
                Stream.concat(NOT_A_DURATION.stream(), Stream.of("0", "0ms")).toList();
            case "max_log_size", "payload_budget" -> NOT_A_SIZE;
            case "queue_policy", "min_log_level", "distribute", "restart_policy", "isolation", "idle", "on_failure" ->
                NOT_A_WORD;
            case "nodes", "operators" -> List.of("5", "text", "true", "{a: b}", "[5]", "[[a]]", "[null]");
            case "outputs" -> List.of("5", "text", "true", "{a: b}", "[5]", "[true]", "[[a]]", "[null]");
            case "classpath" ->
                List.of(
                        "5",
                        "text",
                        "true",
                        "{a: b}",
                        "[5]",
                        "[{a: b}]",
                        "[null]",
                        "[" + LONG + "]",
                        "[" + "a, ".repeat(4_097) + "]");
            case "cpu_affinity" -> List.of("5", "text", "true", "{a: b}", "[-1]", "[1.5]", "[x]", "[null]");
            case "inputs" ->
                List.of("5", "text", "true", "[a]", "{in: 5}", "{in: [a]}", "{in: null}", "{5: dora/logs}");
            case "input_types", "output_types" -> List.of("5", "text", "[a]", "{in: 5}", "{in: [a]}", "{in: null}");
            case "output_metadata" -> List.of("5", "text", "[a]", "{out: 5}", "{out: [5]}", "{out: {a: b}}");
            case "env", "envs", "labels" ->
                List.of("5", "text", "[a]", "{A: [a]}", "{A: {b: c}}", "{A: null}", "{5: a}");
            case "config" -> List.of("5", "text", "true", "[a]", "{5: a}", "{a: [null]}", "{a: 99999999999999999999}");
            case "custom", "operator", "deploy", "_unstable_deploy" -> NOT_A_MAPPING;
            case "machines" -> List.of("5", "text", "true", "[a]", "{B: 5}", "{B: [a]}");
            default -> throw new AssertionError("what is wrong for '" + key + "' in " + mapping.name() + "?");
        };
    }

    /** Values that are wrong only by a rule that a JSON Schema cannot tell: in JSON every key is text. */
    static boolean isBeyondJsonSchema(Case wrong) {
        boolean hasNumberForKey = wrong.value.startsWith("{5:") && !wrong.key.startsWith("env"); // no variable is 5
        return hasNumberForKey
                || Set.of("{a: [null]}", "{a: 99999999999999999999}").contains(wrong.value);
    }
}
