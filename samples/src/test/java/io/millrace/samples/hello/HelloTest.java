package io.millrace.samples.hello;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first node, as a newcomer compiles and runs it. */
class HelloTest {
    private static final Path SAMPLE = Path.of("hello").toAbsolutePath();

    @TempDir
    private Path classes;

    @Test
    void shouldGreetFiveTimesWhenTheFirstNodeRuns() throws Exception {
        compile();

        try (URLClassLoader loader = new URLClassLoader(
                        new URL[] {classes.toUri().toURL()}, getClass().getClassLoader());
                RunningDataflow running = Dataflow.load(SAMPLE.resolve("dataflow.yml"))
                        .start(StartOptions.builder().classLoader(loader).build())) {
            DataflowResult result = running.await(Duration.ofSeconds(30));

            assertThat(result.failures()).isEmpty();
            assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
            assertThat(result.status().node("printer").received()).isEqualTo(5);
        }
    }

    private void compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.list(SAMPLE)) {
            List<Path> java =
                    sources.filter(path -> path.toString().endsWith(".java")).toList();
            boolean isCompiled = compiler.getTask(
                            null,
                            files,
                            null,
                            List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")),
                            null,
                            files.getJavaFileObjectsFromPaths(java))
                    .call();
            assertThat(isCompiled).isTrue();
        }
    }
}
