package io.millrace.yaml;

import io.millrace.graph.GraphOperator;
import io.millrace.graph.Location;
import io.millrace.graph.LogSettings;
import io.millrace.graph.Problem;
import io.millrace.graph.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The operators of a node, or its own code, which counts as one without an id. */
final class OperatorTranslation {
    /** The id of a single operator that has none written: dora's. */
    private static final String DEFAULT_ID = "op";

    /** A program that is a line for the shell, which expands variables itself. */
    private static final String SHELL = "shell";

    /** Stands for what was reported to be missing, in a graph that will not be made. */
    private static final Source NO_SOURCE = new Source.ProgramSource("", Optional.empty());

    private final PathVariables variables;
    private final PortTranslation ports;
    private final Reading reading;

    OperatorTranslation(PathVariables variables, PortTranslation ports, Reading reading) {
        this.variables = variables;
        this.ports = ports;
        this.reading = reading;
    }

    /** At least one, unless it was reported why there is none. */
    List<GraphOperator> operators(Fields node) {
        if (node.isWritten(DataflowSchema.ONE_OPERATOR)) {
            return node
                    .get(DataflowSchema.ONE_OPERATOR)
                    .map(operator -> operator(operator.get(DataflowSchema.ID, DEFAULT_ID), operator))
                    .stream()
                    .toList();
        }
        if (!node.isWritten(DataflowSchema.OPERATORS)) {
            return List.of(ownCode(node));
        }
        List<Located<Fields>> written = node.get(DataflowSchema.OPERATORS, List.of());
        if (written.isEmpty() && !node.isDamaged(DataflowSchema.OPERATORS)) {
            reading.error(
                    node.keyLocation(DataflowSchema.OPERATORS),
                    "'operators' is an empty list: expected at least one operator");
        }
        List<GraphOperator> operators = new ArrayList<>();
        for (Located<Fields> operator : written) {
            operators.add(oneOfSeveral(operator.value(), DEFAULT_ID + "-" + operators.size()));
        }
        return operators;
    }

    /** @param standIn an id in place of one that was reported to be missing: not the same for two of them */
    private GraphOperator oneOfSeveral(Fields operator, String standIn) {
        if (!operator.isWritten(DataflowSchema.ID)) {
            reading.error(operator.location(), "the operator has no 'id'");
        }
        return operator(operator.get(DataflowSchema.ID, standIn), operator);
    }

    private GraphOperator operator(String id, Fields operator) {
        SourceCheck.checkOperator(operator, reading);
        return translate(
                id,
                operator.get(DataflowSchema.NAME),
                operator.get(DataflowSchema.DESCRIPTION),
                operator,
                operator.valueLocation(DataflowSchema.ID));
    }

    /** A node that is not made of operators; its name and description are told with the node. */
    private GraphOperator ownCode(Fields node) {
        return translate("", Optional.empty(), Optional.empty(), node, node.valueLocation(DataflowSchema.ID));
    }

    private GraphOperator translate(
            String id, Optional<String> name, Optional<String> description, Fields code, Location location) {
        return new GraphOperator(
                id,
                name,
                description,
                source(code),
                SourceCheck.isRefused(code) ? List.of() : ports.inputs(code),
                ports.outputs(code),
                code.get(DataflowSchema.BUILD),
                logs(code),
                location);
    }

    private Source source(Fields code) {
        Optional<String> className = code.get(DataflowSchema.CLASS);
        if (className.isPresent()) {
            return classSource(className.get(), code);
        }
        return program(code)
                .or(() -> python(code))
                .or(() -> sharedLibrary(code))
                .orElse(NO_SOURCE);
    }

    private Source classSource(String name, Fields code) {
        if (!isClassName(name)) {
            reading.error(
                    code.valueLocation(DataflowSchema.CLASS),
                    "'class': found " + Problem.quote(name)
                            + ", expected the full name of a class such as com.example.Camera");
        }
        List<String> classpath = new ArrayList<>();
        for (Located<EnvironmentText> entry : code.get(DataflowSchema.CLASSPATH, List.of())) {
            classpath.add(path("classpath", entry.value()));
        }
        return new Source.ClassSource(name, classpath, code.get(DataflowSchema.CONFIG, Map.of()));
    }

    private static boolean isClassName(String name) {
        boolean isWordBegun = false;
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            int c = name.codePointAt(i);
            boolean isEndOfWord = isWordBegun && c == '.';
            boolean isPart = isWordBegun ? Character.isJavaIdentifierPart(c) : Character.isJavaIdentifierStart(c);
            if (!isEndOfWord && !isPart) {
                return false;
            }
            isWordBegun = !isEndOfWord;
        }
        return isWordBegun;
    }

    private Optional<Source> program(Fields code) {
        return code.get(DataflowSchema.PATH).map(written -> {
            String path = path(code.writtenAs(DataflowSchema.PATH), written);
            Optional<String> args = code.get(DataflowSchema.ARGS)
                    .flatMap(text ->
                            path.equals(SHELL) ? Optional.of(text.text()) : text.expand(Place.of("args"), reading));
            return new Source.ProgramSource(path, args);
        });
    }

    private Optional<Source> python(Fields code) {
        return code.get(DataflowSchema.PYTHON).flatMap(script -> {
            Optional<EnvironmentText> source = script.get(DataflowSchema.PYTHON_SOURCE);
            if (!script.isWritten(DataflowSchema.PYTHON_SOURCE)) {
                reading.error(script.location(), "'python' has no 'source'");
            }
            return source.map(
                    text -> new Source.PythonSource(path("python", text), script.get(DataflowSchema.CONDA_ENV)));
        });
    }

    private Optional<Source> sharedLibrary(Fields code) {
        return code.get(DataflowSchema.SHARED_LIBRARY)
                .map(text -> new Source.SharedLibrarySource(path("shared-library", text)));
    }

    /** A path with its variables replaced, or as it is written where its executor will replace them. */
    private String path(String what, EnvironmentText text) {
        if (text.text().isBlank()) {
            reading.error(text.location(), "'" + what + "': found blank text, expected a path");
        }
        return variables.path(what, text).orElse(text.text());
    }

    private static LogSettings logs(Fields code) {
        return new LogSettings(
                code.get(DataflowSchema.SEND_STDOUT_AS),
                code.get(DataflowSchema.SEND_LOGS_AS),
                code.get(DataflowSchema.MIN_LOG_LEVEL),
                code.get(DataflowSchema.MAX_LOG_SIZE).map(OptionalLong::of).orElse(OptionalLong.empty()),
                code.get(DataflowSchema.MAX_ROTATED_FILES).map(OptionalInt::of).orElse(OptionalInt.empty()));
    }
}
