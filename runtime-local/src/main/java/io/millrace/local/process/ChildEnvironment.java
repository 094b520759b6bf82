package io.millrace.local.process;

import io.millrace.graph.EnvironmentNames;
import java.util.LinkedHashMap;
import java.util.Map;

/** The variables that a child process is given. */
public final class ChildEnvironment {
    private ChildEnvironment() {}

    /**
     * The whole environment of a child, in the order in which one overrides another: this process's own without what is not for
     * children, what the dataflow file says, and what the runtime has to tell the program. Pure.
     */
    public static Map<String, String> of(
            Map<String, String> own, Map<String, String> declared, Map<String, String> wiring) {
        Map<String, String> child = new LinkedHashMap<>();
        own.forEach((name, value) -> {
            if (EnvironmentNames.isInherited(name)) {
                child.put(name, value);
            }
        });
        child.putAll(declared);
        child.putAll(wiring);
        return child;
    }
}
