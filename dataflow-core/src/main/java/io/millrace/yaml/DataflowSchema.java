package io.millrace.yaml;

import io.millrace.graph.Build;
import io.millrace.graph.Deployment.Distribution;
import io.millrace.graph.Execution.Idle;
import io.millrace.graph.Execution.Isolation;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.GraphSettings.OnFailure;
import io.millrace.graph.QueuePolicy;
import io.millrace.graph.Supervision.RestartPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Every key of a dataflow file: its name in each mapping and dialect, and the type of its value. */
final class DataflowSchema {
    private static final int HIGHEST_CORE = 4095;

    /** Of one mapping, for the defaults are merged into each node. */
    private static final int MOST_VARIABLES = 4096;

    /** Each has the working directory put before it. */
    private static final int MOST_CLASSPATH_ENTRIES = 4096;

    static final Key<String> ID = new Key<>("id", Types.ID);
    static final Key<String> NAME = new Key<>("name", Types.NAME);
    static final Key<String> DATAFLOW_NAME = new Key<>("name", Types.DATAFLOW_NAME);
    static final Key<String> DESCRIPTION = new Key<>("description", Types.TEXT);

    static final Key<Integer> QUEUE_SIZE = new Key<>("queue_size", Types.wholeNumber(1, GraphInput.MAX_QUEUE_SIZE));
    static final Key<QueuePolicy> QUEUE_POLICY =
            new Key<>("queue_policy", Types.oneOf(Arrays.asList(QueuePolicy.values()), QueuePolicy::key));
    static final Key<String> SOURCE = new Key<>("source", Types.SOURCE);
    static final Key<Duration> INPUT_TIMEOUT = new Key<>("input_timeout", Numbers.DURATION);
    static final Schema INPUT = Schema.of("an input", SOURCE, QUEUE_SIZE, QUEUE_POLICY, INPUT_TIMEOUT);

    static final Key<Map<String, Located<Fields>>> INPUTS =
            new Key<>("inputs", Types.mapOf(Types.shorthand(SOURCE, INPUT)));
    static final Key<List<Located<String>>> OUTPUTS = new Key<>("outputs", Types.listOf(Types.ID));
    static final Key<Map<String, Located<String>>> INPUT_TYPES = new Key<>("input_types", Types.mapOf(Types.NAME));
    static final Key<Map<String, Located<String>>> OUTPUT_TYPES = new Key<>("output_types", Types.mapOf(Types.NAME));
    static final Key<Map<String, Located<List<Located<String>>>>> OUTPUT_METADATA =
            new Key<>("output_metadata", Types.mapOf(Types.listOf(Types.NAME)));
    static final Key<String> PATTERN = new Key<>("pattern", Types.NAME);
    static final Key<Build> BUILD = new Key<>("build", new BuildType());

    static final Key<String> SEND_STDOUT_AS = new Key<>("send_stdout_as", Types.ID);
    static final Key<String> SEND_LOGS_AS = new Key<>("send_logs_as", Types.ID);
    static final Key<String> MIN_LOG_LEVEL = new Key<>(
            "min_log_level", Types.oneOf(List.of("error", "warn", "info", "debug", "trace", "stdout"), level -> level));
    static final Key<Long> MAX_LOG_SIZE = new Key<>("max_log_size", Numbers.SIZE);
    static final Key<Integer> MAX_ROTATED_FILES = new Key<>("max_rotated_files", Types.wholeNumber(0, 100));

    static final Key<String> CLASS = new Key<>("class", Types.CLASS_NAME);
    static final Key<List<Located<EnvironmentText>>> CLASSPATH =
            new Key<>("classpath", Types.listOf(EnvironmentTextType.PATH, MOST_CLASSPATH_ENTRIES));
    static final Key<Map<String, Object>> CONFIG = new Key<>("config", new ConfigType());

    static final Key<EnvironmentText> PYTHON_SOURCE = new Key<>("source", EnvironmentTextType.PATH);
    static final Key<String> CONDA_ENV = new Key<>("conda_env", EnvironmentTextType.EXPANDED_TEXT);
    static final Schema PYTHON_SCRIPT = Schema.of("a python operator", PYTHON_SOURCE, CONDA_ENV);
    static final Key<Fields> PYTHON = new Key<>("python", Types.shorthand(PYTHON_SOURCE, PYTHON_SCRIPT));
    static final Key<EnvironmentText> SHARED_LIBRARY = new Key<>("shared-library", EnvironmentTextType.PATH);

    static final Schema OPERATOR = Schema.of(
                    "an operator",
                    ID,
                    NAME,
                    DESCRIPTION,
                    CLASS,
                    CLASSPATH,
                    CONFIG,
                    PYTHON,
                    SHARED_LIBRARY,
                    INPUTS,
                    OUTPUTS,
                    BUILD,
                    SEND_STDOUT_AS,
                    SEND_LOGS_AS,
                    MIN_LOG_LEVEL,
                    MAX_LOG_SIZE,
                    MAX_ROTATED_FILES,
                    INPUT_TYPES,
                    OUTPUT_TYPES,
                    OUTPUT_METADATA,
                    PATTERN)
            .ignoring("output_framing")
            .refusing("wasm");

    static final Key<String> MACHINE =
            new Key<>("machine", Types.notBlank(EnvironmentTextType.EXPANDED_TEXT, Function.identity()));
    static final Key<Boolean> LOCAL = new Key<>("local", Types.FLAG);
    static final Key<EnvironmentText> WORKING_DIR =
            new Key<>("working_dir", Types.notBlank(EnvironmentTextType.PATH, EnvironmentText::text));
    static final Key<Map<String, Located<String>>> LABELS =
            new Key<>("labels", Types.mapOf(EnvironmentTextType.EXPANDED_SCALAR, MOST_VARIABLES));
    static final Key<Distribution> DISTRIBUTE = new Key<>("distribute", Types.words(distributions()));
    static final Schema DEPLOY = Schema.of("deploy", MACHINE, LOCAL, WORKING_DIR, LABELS, DISTRIBUTE);
    static final Schema MACHINE_DEPLOY = Schema.of("deploy of a machine", LOCAL, WORKING_DIR, LABELS, DISTRIBUTE);
    static final Key<Fields> NODE_DEPLOY = new Key<>("deploy", DEPLOY);
    static final Key<Map<String, Located<Fields>>> MACHINES = new Key<>("machines", Types.mapOf(MACHINE_DEPLOY));
    static final Schema ROOT_DEPLOY_KEYS =
            Schema.of("deploy of the dataflow", MACHINE, LOCAL, WORKING_DIR, LABELS, DISTRIBUTE, MACHINES);
    static final Key<Fields> ROOT_DEPLOY = new Key<>("deploy", ROOT_DEPLOY_KEYS);

    static final Key<Map<String, Located<String>>> ENV =
            new Key<>("env", Types.mapOf(EnvironmentTextType.EXPANDED_SCALAR, MOST_VARIABLES));
    static final Key<EnvironmentText> ARGS = new Key<>("args", EnvironmentTextType.TEXT);
    static final Key<EnvironmentText> PATH = new Key<>("path", EnvironmentTextType.PATH);
    static final Key<EnvironmentText> RUN = new Key<>("run", EnvironmentTextType.TEXT);

    static final Key<RestartPolicy> RESTART_POLICY = new Key<>(
            "restart_policy",
            Types.oneOf(
                    Arrays.asList(RestartPolicy.values()),
                    policy -> lowercase(policy).replace('_', '-')));
    static final Key<Integer> MAX_RESTARTS = new Key<>("max_restarts", Types.wholeNumber(0, Integer.MAX_VALUE));
    static final Key<Duration> RESTART_DELAY = new Key<>("restart_delay", Numbers.DURATION_OR_ZERO);
    static final Key<Duration> MAX_RESTART_DELAY = new Key<>("max_restart_delay", Numbers.DURATION_OR_ZERO);
    static final Key<Duration> RESTART_WINDOW = new Key<>("restart_window", Numbers.DURATION);
    /** What is asked for only where a node is restarted. */
    static final List<Key<?>> OF_RESTARTS = List.of(MAX_RESTARTS, RESTART_DELAY, MAX_RESTART_DELAY, RESTART_WINDOW);

    static final Key<Duration> HEALTH_CHECK_TIMEOUT = new Key<>("health_check_timeout", Numbers.DURATION);

    static final Key<Isolation> ISOLATION =
            new Key<>("isolation", Types.oneOf(Arrays.asList(Isolation.values()), DataflowSchema::lowercase));
    static final Key<List<Located<Integer>>> CPU_AFFINITY =
            new Key<>("cpu_affinity", Types.listOf(Types.wholeNumber(0, HIGHEST_CORE)));
    static final Key<Idle> IDLE = new Key<>("idle", Types.oneOf(Arrays.asList(Idle.values()), Idle::key));
    static final Key<Long> PAYLOAD_BUDGET = new Key<>("payload_budget", Numbers.SIZE);

    /** The older dialect's place for what a program is: the keys are those of the node. */
    static final Schema CUSTOM_KEYS = Schema.of(
                    "custom",
                    ARGS,
                    ENV,
                    BUILD,
                    INPUTS,
                    OUTPUTS,
                    INPUT_TYPES,
                    OUTPUT_TYPES,
                    SEND_STDOUT_AS,
                    SEND_LOGS_AS,
                    MIN_LOG_LEVEL,
                    MAX_LOG_SIZE,
                    MAX_ROTATED_FILES,
                    RESTART_POLICY,
                    MAX_RESTARTS,
                    RESTART_DELAY,
                    MAX_RESTART_DELAY,
                    RESTART_WINDOW,
                    HEALTH_CHECK_TIMEOUT,
                    PATH,
                    RUN)
            .alsoCalled("source", PATH)
            .alsoCalled("envs", ENV)
            .ignoring("output_framing", "shared_memory_pool_size", "finish_grace_secs", "startup_timeout")
            .refusing("path_sha256");

    static final Key<Fields> CUSTOM = new Key<>("custom", CUSTOM_KEYS);

    static final Key<Fields> ONE_OPERATOR = new Key<>("operator", OPERATOR);
    static final Key<List<Located<Fields>>> OPERATORS = new Key<>("operators", Types.listOf(OPERATOR));

    static final Schema NODE = Schema.of(
                    "a node",
                    ID,
                    NAME,
                    DESCRIPTION,
                    CLASS,
                    CLASSPATH,
                    CONFIG,
                    PATH,
                    CUSTOM,
                    ONE_OPERATOR,
                    OPERATORS,
                    ARGS,
                    ENV,
                    INPUTS,
                    OUTPUTS,
                    BUILD,
                    NODE_DEPLOY,
                    ISOLATION,
                    RESTART_POLICY,
                    MAX_RESTARTS,
                    RESTART_DELAY,
                    MAX_RESTART_DELAY,
                    RESTART_WINDOW,
                    HEALTH_CHECK_TIMEOUT,
                    CPU_AFFINITY,
                    IDLE,
                    PAYLOAD_BUDGET,
                    SEND_STDOUT_AS,
                    SEND_LOGS_AS,
                    MIN_LOG_LEVEL,
                    MAX_LOG_SIZE,
                    MAX_ROTATED_FILES,
                    INPUT_TYPES,
                    OUTPUT_TYPES,
                    OUTPUT_METADATA,
                    PATTERN)
            .alsoCalled("envs", ENV)
            .alsoCalled("_unstable_deploy", NODE_DEPLOY)
            .ignoring("output_framing", "shared_memory_pool_size", "finish_grace_secs", "startup_timeout")
            .refusing("git", "branch", "tag", "rev", "hub", "module", "params", "ros2", "path_sha256");

    static final Key<List<Located<Fields>>> NODES = new Key<>("nodes", Types.listOf(NODE));
    static final Key<OnFailure> ON_FAILURE =
            new Key<>("on_failure", Types.oneOf(Arrays.asList(OnFailure.values()), DataflowSchema::lowercase));
    static final Key<Duration> HEALTH_CHECK_INTERVAL = new Key<>("health_check_interval", Numbers.DURATION);
    static final Key<Boolean> EXIT_WHEN_NODES_FINISH = new Key<>("exit_when_nodes_finish", Types.FLAG);
    static final Key<Integer> THREADS = new Key<>("threads", Types.wholeNumber(1, GraphSettings.MAX_THREADS));
    static final Key<Boolean> STRICT_TYPES = new Key<>("strict_types", Types.FLAG);

    static final Schema ROOT = Schema.of(
                    "a dataflow",
                    DATAFLOW_NAME,
                    NODES,
                    ROOT_DEPLOY,
                    ENV,
                    ON_FAILURE,
                    HEALTH_CHECK_INTERVAL,
                    EXIT_WHEN_NODES_FINISH,
                    QUEUE_SIZE,
                    QUEUE_POLICY,
                    THREADS,
                    STRICT_TYPES)
            .alsoCalled("_unstable_deploy", ROOT_DEPLOY)
            .alsoCalled("envs", ENV)
            .ignoring("communication", "daemon_config", "debug", "_unstable_debug", "type_rules")
            .refusing("module");

    private DataflowSchema() {}

    /** dora's ways of shipping are ours: the words are read, the way is our own. */
    private static Map<String, Distribution> distributions() {
        Map<String, Distribution> words = new LinkedHashMap<>();
        words.put("local", Distribution.LOCAL);
        words.put("ship", Distribution.SHIP);
        words.put("scp", Distribution.SHIP);
        words.put("http", Distribution.SHIP);
        return words;
    }

    private static String lowercase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
