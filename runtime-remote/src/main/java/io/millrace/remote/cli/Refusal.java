package io.millrace.remote.cli;

import io.millrace.graph.Problem;
import io.millrace.remote.client.SubmissionInterruptedException.Fate;
import io.millrace.runtime.DataflowStartException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command says of a dataflow that it did not run, for people and for programs. Each method returns the exit code.
 *
 * @param json whether programs read what is printed
 */
record Refusal(Console console, boolean json) {

    /** The dataflow cannot be run as it is. */
    int invalid(List<Problem> problems) {
        Problems.print(problems, console.err(), console.errIsColoured());
        return print("invalid", ExitCode.INVALID, Map.of("problems", Problems.toJson(problems)));
    }

    /** What it was to be fed with cannot be used. */
    int unusable(RuntimeException why, boolean isVerbose) {
        console.err().println("error: " + Printable.line(String.valueOf(why.getMessage())));
        printTrace(why, isVerbose);
        return print("invalid", ExitCode.INVALID, Map.of("message", String.valueOf(why.getMessage())));
    }

    int notStarted(String dataflow, DataflowStartException why, boolean isVerbose) {
        console.err().println("error: " + Failures.message(why));
        printTrace(why, isVerbose);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("dataflow", dataflow);
        facts.put("message", String.valueOf(why.getMessage()));
        return print("not started", ExitCode.FAILED, facts);
    }

    /**
     * Whoever started it has thought better of it.
     *
     * @param id by which the masters know it, if they do
     */
    int interrupted(String job, String id, Fate fate, int code) {
        console.err().println("millrace: " + Printable.line("job '" + job + "' " + words(fate, id)));
        String state = switch (fate) {
            case TAKEN_BACK -> "not started";
            case ASKED_TO_STOP -> "stopping";
            case UNKNOWN -> "unknown";
        };
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("dataflow", job);
        facts.put("id", id);
        return print(state, code, facts);
    }

    /** What people are told of it, behind its name. */
    static String words(Fate fate, String id) {
        return fate.words()
                + switch (fate) {
                    case TAKEN_BACK -> "";
                    case ASKED_TO_STOP -> "; 'millrace status " + id + "' shows what becomes of it";
                    case UNKNOWN -> ": 'millrace list' shows whether it does, and 'millrace stop " + id + "' stops it";
                };
    }

    private void printTrace(RuntimeException why, boolean isVerbose) {
        if (isVerbose) {
            why.printStackTrace(console.err());
        }
    }

    private int print(String state, int code, Map<String, ?> facts) {
        if (json) {
            Map<String, @Nullable Object> told = new LinkedHashMap<>();
            told.put("state", state);
            told.put("exitCode", code);
            told.putAll(facts);
            console.out().print(Json.write(told));
        }
        return code;
    }
}
