package io.millrace.workdir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @ParameterizedTest
    @ValueSource(strings = {"./cam", "bin/cam", "bin\\cam", "/opt/cam", "C:\\cam", ".", ".."})
    void shouldBeProgramWhenPathHasSeparatorOrDotsOnly(String path) {
        assertThat(Target.program(path)).isEqualTo(new Target.Program(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cam", "cam.py", "python3", "Shell", "dynamic2"})
    void shouldBeCommandWhenPathHasNoSeparator(String path) {
        assertThat(Target.program(path)).isEqualTo(new Target.Command(path));
    }

    @Test
    void shouldRecogniseWordsThatAreNoPaths() {
        assertThat(Target.program("dynamic")).isEqualTo(new Target.Dynamic());
        assertThat(Target.program("shell")).isEqualTo(new Target.Shell());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.org/cam", "https://example.org/cam", "HTTPS://example.org/cam"})
    void shouldBeUrlWhenSchemeIsHttp(String url) {
        assertThat(Target.program(url)).isEqualTo(new Target.Url("path", url));
        assertThat(Target.script(url)).isEqualTo(new Target.Url("python", url));
        assertThat(Target.sharedLibrary(url)).isEqualTo(new Target.Url("shared-library", url));
    }

    @Test
    void shouldNameTheKeyItIsWrittenUnder() {
        assertThat(Target.program("bin/cam").key()).isEqualTo("path");
        assertThat(Target.program("cam").key()).isEqualTo("path");
        assertThat(Target.program("dynamic").key()).isEqualTo("path");
        assertThat(Target.program("shell").key()).isEqualTo("path");
        assertThat(Target.script("op.py").key()).isEqualTo("python");
        assertThat(Target.sharedLibrary("cam").key()).isEqualTo("shared-library");
        assertThat(new Target.JavaClass("Cam", List.of("a.jar")).key()).isEqualTo("classpath");
    }

    @Test
    void shouldBeFileWhenScriptOrLibraryHasNoSeparator() {
        assertThat(Target.script("shell").paths()).containsExactly("shell");
        assertThat(Target.sharedLibrary("dynamic").paths()).containsExactly("dynamic");
    }

    @ParameterizedTest
    @CsvSource({
        "LINUX, 'cam,libcam.so'",
        "MACOS, 'cam,libcam.dylib'",
        "WINDOWS, 'cam,cam.dll,libcam.dll'",
    })
    void shouldGiveSharedLibraryTheSystemsNames(OperatingSystem system, String names) {
        assertThat(Target.sharedLibrary("cam").fileNames("cam", system)).containsExactly(names.split(","));
    }

    @Test
    void shouldGiveProgramTheSystemsSuffixOnlyOnWindows() {
        Target program = Target.program("bin/cam");

        assertThat(program.fileNames("cam", OperatingSystem.WINDOWS)).containsExactly("cam", "cam.exe");
        assertThat(program.fileNames("cam.bat", OperatingSystem.WINDOWS)).containsExactly("cam.bat");
        assertThat(program.fileNames("cam", OperatingSystem.LINUX)).containsExactly("cam");
        assertThat(Target.script("cam").fileNames("cam", OperatingSystem.WINDOWS))
                .containsExactly("cam");
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, LINUX",
        "FreeBSD, LINUX",
        "Mac OS X, MACOS",
        "Darwin, MACOS",
        "Windows 11, WINDOWS",
        "Windows Server 2025, WINDOWS",
    })
    void shouldKnowSystemByItsName(String osName, OperatingSystem expected) {
        assertThat(OperatingSystem.named(osName)).isEqualTo(expected);
    }

    @Test
    void shouldNameFreshDirectoryByJobAndNodeSoThatEverySystemTakesIt() {
        String name = FreshDirectory.name("flow: 7/\u00fc", "cam.left");

        assertThat(name).matches("flow__7__-cam_left-[0-9a-f]{16}");
        assertThat(FreshDirectory.name("flow: 7/\u00fc", "cam.left")).isEqualTo(name);
    }

    @Test
    void shouldKeepFreshDirectoriesApartWhenNamesLookAlike() {
        String longId = "n".repeat(128);

        assertThat(List.of(
                        FreshDirectory.name("ab", "c"),
                        FreshDirectory.name("a", "bc"),
                        FreshDirectory.name("ab", "C"),
                        FreshDirectory.name("a/b", "c"),
                        FreshDirectory.name("a_b", "c"),
                        FreshDirectory.name("ab", longId),
                        FreshDirectory.name("ab", longId + "x")))
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(name).hasSizeLessThan(100));
        assertThat(FreshDirectory.name("ab", "c")).isNotEqualToIgnoringCase(FreshDirectory.name("ab", "C"));
    }
}
