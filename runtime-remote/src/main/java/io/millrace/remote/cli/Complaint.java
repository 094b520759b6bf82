package io.millrace.remote.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a command has not done what it was asked for, where there is no more to tell. Each method returns the exit code.
 *
 * @param json whether programs read what is printed
 */
record Complaint(Console console, boolean json) {

    int tell(int code, String message) {
        console.err().println("error: " + Printable.line(message));
        return tellPrograms(code, message);
    }

    /** Where people are told in other words. */
    int tellPrograms(int code, String message) {
        if (json) {
            Map<String, @Nullable Object> told = new LinkedHashMap<>();
            told.put("error", message);
            told.put("exitCode", code);
            console.out().print(Json.write(told));
        }
        return code;
    }
}
