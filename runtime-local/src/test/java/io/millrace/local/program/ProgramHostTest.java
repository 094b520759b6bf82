package io.millrace.local.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProgramHostTest {
    private static Path zenohFile(ProgramHost host) {
        return Path.of(host.environment().get("ZENOH_CONFIG"));
    }

    @Test
    void shouldWriteItsFileAgainWhenSomebodyHasCleanedUp() throws IOException {
        ProgramHost host = new ProgramHost("cleaned");
        Path first = zenohFile(host);
        String written = Files.readString(first);
        assertThat(zenohFile(host)).isEqualTo(first);
        Files.delete(first);
        Files.delete(first.getParent());

        Path second = zenohFile(host);

        assertThat(second).hasContent(written);
        host.close();
        assertThat(second.getParent()).doesNotExist();
    }
}
