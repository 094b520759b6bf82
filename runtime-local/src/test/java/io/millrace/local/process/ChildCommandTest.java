package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildCommandTest {
    private final Interpreters interpreters = new Interpreters();

    @TempDir
    private Path directory;

    private Path file(String name, String mode, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private Path executable(String name, String content) throws IOException {
        return file(name, "rwx------", content);
    }

    private ChildCommand program(Path file, String arguments, Map<String, String> environment) {
        return ChildCommand.program(file, Optional.of(arguments), environment, directory, interpreters);
    }

    private void assertRefused(Path file, String message) {
        assertThatExceptionOfType(ChildException.class)
                .isThrownBy(() -> program(file, "", Map.of("PATH", "/nowhere")))
                .withMessage(message.replace("FILE", "'" + file + "'"));
    }

    @Test
    void shouldExecuteAProgramWithItsArguments() throws IOException {
        Path program = executable("a dir/it's \"one\"", "#!/bin/sh\n");

        ChildCommand command = program(program, "--name 'x y' $HOME", Map.of("A", "1"));

        assertThat(command.argv()).containsExactly(program.toString(), "--name", "x y", "$HOME");
        assertThat(command.environment()).isEqualTo(Map.of("A", "1", "PYTHONUNBUFFERED", "1"));
        assertThat(command.directory()).isEqualTo(directory);
        assertThat(command.with(Map.of("A", "2", "B", "3")).environment())
                .isEqualTo(Map.of("A", "2", "B", "3", "PYTHONUNBUFFERED", "1"));
    }

    @Test
    void shouldNotShowTheEnvironmentWhenItIsPrinted() throws IOException {
        Path program = executable("tool", "#!/bin/sh\n");

        assertThat(program(program, "-v", Map.of("PASSWORD", "secret"))).hasToString(program + " -v in " + directory);
    }

    @Test
    void shouldExplainWhatCannotBeStarted() throws IOException {
        assertRefused(directory.resolve("none"), "FILE does not exist: build it, or correct its path");
        assertRefused(directory, "FILE is a directory, expected a program: write the path of a file in it");
        assertRefused(
                file("plain", "rw-------", "#!/bin/sh\n"),
                "FILE is not executable: make it so with 'chmod +x', or write the program that runs it");
        assertRefused(
                executable("windows", "#!/bin/sh\r\necho\r\n"),
                "FILE has a Windows line end (CR LF) after '#!/bin/sh', so that no such interpreter is found: save it"
                        + " with Unix line ends (LF)");
        assertRefused(
                executable("foreign", "#!/opt/none/perl -w\n"),
                "FILE asks for the interpreter '/opt/none/perl' in its first line, which does not exist: install it, or"
                        + " correct the line");
        assertRefused(
                executable("env", "#!/usr/bin/env nosuch\n"),
                "FILE asks for 'nosuch' in its first line, which is in none of /nowhere: install it, or correct the line");
        assertRefused(directory.resolve("none.py"), "FILE does not exist: build it, or correct its path");
    }

    @Test
    void shouldFindAnInterpreterWhosePathIsNotAscii() throws IOException {
        Assumptions.assumeThat(System.getProperty("sun.jnu.encoding"))
                .as("what file names are written in")
                .isEqualTo("UTF-8");
        Path shell = directory.resolve("gr\u00f6\u00dfe");
        Files.createSymbolicLink(shell, Path.of("/bin/sh"));

        Path program = executable("script", "#!" + shell + "\n");

        assertThat(program(program, "", Map.of()).argv()).containsExactly(program.toString());
        assertRefused(
                executable("foreign", "#!" + shell + "r\n"),
                "FILE asks for the interpreter '" + shell + "r' in its first line, which does not exist: install it, or"
                        + " correct the line");
    }

    @Test
    void shouldLeaveAFirstLineToTheSystemWhenItIsNoPathHere() throws IOException {
        for (byte odd : new byte[] {(byte) 0xFF, 0}) {
            Path program = executable("script" + odd, "");
            Files.write(program, new byte[] {'#', '!', '/', odd, '/', 's', 'h', '\n'});

            assertThat(program(program, "", Map.of()).argv()).containsExactly(program.toString());
        }
    }

    @Test
    void shouldNotBeMadeOfWhatIsNotAbsolute() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ChildCommand(List.of("ls"), Map.of(), directory));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChildCommand(List.of("/bin/ls"), Map.of(), Path.of("x")));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChildCommand(List.of(), Map.of(), directory));
    }

    @Test
    void shouldGiveAShellItsLineAsItIs() {
        ChildCommand command = ChildCommand.shell("echo \"$A\" | wc", Map.of("A", "1"), directory);

        assertThat(command.argv()).containsExactly("/bin/sh", "-c", "echo \"$A\" | wc");
        assertThat(command.environment()).isEqualTo(Map.of("A", "1", "PYTHONUNBUFFERED", "1"));
    }

    @Test
    void shouldFindTheProgramOfALineInTheVirtualEnvironmentThenInPath() throws IOException {
        Path virtual = executable("venv/bin/tool", "#!/bin/sh\n");
        Path other = executable("bin/tool", "#!/bin/sh\n");
        file("first/tool", "rw-------", "not a program");
        String path = "first:bin:" + directory.resolve("third");

        assertThat(ChildCommand.line("tool 'a b'", Map.of("PATH", path), directory)
                        .argv())
                .containsExactly(other.toString(), "a b");
        assertThat(ChildCommand.line("tool", Map.of("PATH", path, "VIRTUAL_ENV", "venv"), directory)
                        .argv())
                .containsExactly(virtual.toString());
        assertThat(ChildCommand.line("bin/tool", Map.of(), directory).argv()).containsExactly(other.toString());
        assertThatExceptionOfType(ChildException.class)
                .isThrownBy(() -> ChildCommand.line("nosuch -x", Map.of("PATH", "bin"), directory))
                .withMessage("the command 'nosuch' is in none of " + directory.resolve("bin")
                        + ": install it, or write its path");
        assertThatExceptionOfType(ChildException.class)
                .isThrownBy(() -> ChildCommand.line(" # nothing", Map.of(), directory))
                .withMessage("the command is blank: expected a program and its arguments");
    }

    @Test
    void shouldRunScriptsInThePythonOfTheVirtualEnvironment() throws IOException {
        Path script = file("node.py", "rw-------", "print('x')");
        Path python = executable("venv/bin/python", "#!/bin/sh\necho Python 3.12.1\n");
        Path system = executable("bin/python", "#!/bin/sh\necho Python 3.9.0\n");
        String virtual = directory.resolve("venv").toString();

        assertThat(program(script, "-v", Map.of("VIRTUAL_ENV", virtual, "PATH", "bin:/usr/bin:/bin"))
                        .argv())
                .containsExactly(python.toString(), "-u", script.toString(), "-v");
        assertThat(program(script, "", Map.of("PATH", "bin:/usr/bin:/bin")).argv())
                .containsExactly(system.toString(), "-u", script.toString());
    }

    @Test
    void shouldAskUvForThePython() throws IOException {
        Path script = file("node.py", "rw-------", "");
        Path managed = executable("managed/python3.13", "#!/bin/sh\n");
        executable("bin/python", "#!/bin/sh\necho Python 3.9.0\n");
        executable("bin/uv", "#!/bin/sh\n[ \"$*\" = 'python find' ] && echo " + managed + "\n");

        assertThat(program(script, "", Map.of("PATH", "bin")).argv())
                .containsExactly(managed.toString(), "-u", script.toString());

        executable("bin/uv", "#!/bin/sh\necho 'error: none' >&2; exit 2\n");
        assertThat(ChildCommand.program(script, Optional.empty(), Map.of("PATH", "bin"), directory, new Interpreters())
                        .argv())
                .containsExactly(directory.resolve("bin/python").toString(), "-u", script.toString());
    }

    @Test
    void shouldRefusePython2AndTakePython3() throws IOException {
        Path script = file("node.py", "rw-------", "");
        executable("bin/python", "#!/bin/sh\necho 'Python 2.7.18' >&2\n");

        assertThatExceptionOfType(ChildException.class)
                .isThrownBy(() -> program(script, "", Map.of("PATH", "bin")))
                .withMessage("a Python script needs Python 3, but there is neither a usable 'python' nor 'python3' in "
                        + directory.resolve("bin") + ": install it, or set VIRTUAL_ENV to a virtual environment");

        Path python3 = executable("bin/python3", "#!/bin/sh\necho Python 3.11.2\n");
        assertThat(program(script, "", Map.of("PATH", "bin")).argv()).startsWith(python3.toString());
    }

    @Test
    void shouldAskAnInterpreterOnce() throws IOException {
        Path script = file("node.py", "rw-------", "");
        executable("bin/python", "#!/bin/sh\necho asked >> asked\necho Python 3.11.2\n");

        for (int i = 0; i < 3; i++) {
            assertThat(program(script, "", Map.of("PATH", "bin")).argv()).hasSize(3);
        }

        assertThat(directory.resolve("asked")).hasContent("asked");
    }

    @Test
    void shouldRunCodeInPythonOrInACondaEnvironment() throws IOException {
        Path python = executable("bin/python", "#!/bin/sh\necho Python 3.11.2\n");
        Path conda = executable("bin/conda", "#!/bin/sh\n");
        Map<String, String> environment = Map.of("PATH", "bin");

        assertThat(ChildCommand.pythonCode("import x", Optional.empty(), environment, directory, interpreters)
                        .argv())
                .containsExactly(python.toString(), "-uc", "import x");
        assertThat(ChildCommand.pythonCode("import x", Optional.of("vision"), environment, directory, interpreters)
                        .argv())
                .containsExactly(
                        conda.toString(), "run", "--no-capture-output", "-n", "vision", "python", "-uc", "import x");
    }

    @Test
    void shouldGiveAChildWhatTheFileSaysOverWhatIsInheritedAndTheWiringOverBoth() {
        Map<String, String> own = Map.of(
                "HOME",
                "/h",
                "A",
                "own",
                "LD_PRELOAD",
                "x.so",
                "DORA_NODE_CONFIG",
                "old",
                "DORA_AUTH_TOKEN",
                "t",
                "DORA_RUN_PARENT_PID",
                "1",
                "LD_LIBRARY_PATH",
                "/lib",
                "ZENOH_CONFIG",
                "z.json5",
                "DORA_ZENOH_CONFIG_OVERLAY",
                "mode=client");

        assertThat(ChildEnvironment.of(own, Map.of("A", "file", "B", "file"), Map.of("B", "wiring")))
                .isEqualTo(Map.of("HOME", "/h", "A", "file", "B", "wiring", "LD_LIBRARY_PATH", "/lib"));
    }
}
