package io.millrace.local.isolated;

import io.millrace.local.nativecode.NativeAccess;
import io.millrace.local.process.ChildCommand;
import io.millrace.local.process.ChildEnvironment;
import java.io.File;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the JVM of a node is started: the {@code java} that this JVM is, with the same class path and module path. Flags of its own a node gives it by the variable that
 * the {@code java} command itself reads, {@code JDK_JAVA_OPTIONS} in its {@code env}.
 */
final class JavaCommand {
    private static final Module OWN = JavaCommand.class.getModule();

    private JavaCommand() {}

    static ChildCommand of(
            Invitation invitation, Map<String, String> declared, Path directory, boolean callsNativeCode) {
        List<String> argv = new ArrayList<>(List.of(java().toString()));
        if (callsNativeCode) {
            argv.add(NativeAccess.flag());
        }
        path("jdk.module.path").ifPresent(path -> argv.addAll(List.of("--module-path", path)));
        path("java.class.path").ifPresent(path -> argv.addAll(List.of("--class-path", path)));
        if (OWN.isNamed()) {
            argv.addAll(List.of("--add-modules", rootModules(), "--module", OWN.getName() + "/" + main()));
        } else {
            argv.add(main());
        }
        Map<String, String> wiring = Map.of(Invitation.VARIABLE, invitation.toString());
        return new ChildCommand(argv, ChildEnvironment.of(System.getenv(), declared, wiring), directory);
    }

    private static String main() {
        return IsolatedMain.class.getName();
    }

    private static Path java() {
        String name = File.separatorChar == '\\' ? "java.exe" : "java";
        return Path.of(System.getProperty("java.home"), "bin", name).toAbsolutePath();
    }

    /** Each entry absolute, for the other JVM begins in the node's directory. */
    private static Optional<String> path(String property) {
        String written = System.getProperty(property, "");
        return written.isEmpty()
                ? Optional.empty()
                : Optional.of(Arrays.stream(written.split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .collect(Collectors.joining(File.pathSeparator)));
    }

    /** All that this JVM has beside the JDK's: what the application's class path uses of them is not known. */
    private static String rootModules() {
        return ModuleLayer.boot().configuration().modules().stream()
                .filter(module -> module.reference()
                        .location()
                        .filter(place -> !"jrt".equals(place.getScheme()))
                        .isPresent())
                .map(ResolvedModule::name)
                .sorted()
                .collect(Collectors.joining(","));
    }
}
