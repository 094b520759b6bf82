package io.millrace.samples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingTest {

    @Test
    void shouldPrintEveryReportWhenRunInAJvmWithoutFlags() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        // Surefire keeps the class path here, as long as it may be.
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Embedding.class.getName())
                .redirectErrorStream(true)
                .start();
        List<String> printed = process.inputReader().lines().toList();

        assertThat(process.waitFor()).isZero();
        assertThat(printed)
                .containsSubsequence("water has 5 letters", "wheel has 5 letters", "millstone has 9 letters")
                .contains("published millstone: ACCEPTED");
    }

    @Test
    void shouldStayAnApplicationOfLessThanSixtyLines() throws IOException {
        assertThat(Files.readAllLines(Path.of("src/main/java/io/millrace/samples/embedding/Embedding.java")))
                .hasSizeLessThan(60);
    }
}
