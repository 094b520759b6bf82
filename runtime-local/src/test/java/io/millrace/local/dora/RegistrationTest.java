package io.millrace.local.dora;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationTest {
    private static Request.Register register(String version, int metadataVersion) {
        return new Request.Register(Wire.DATAFLOW, "echo", version, metadataVersion);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.0", "1.0.1", "1.1.0", "1.42.7", "1.2.0-rc.1", "1.1.0+build"})
    void shouldAcceptWhenTheVersionIsOne(String version) {
        assertThat(Registration.refusal(register(version, 2))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.5.0", "2.0.0", "11.0.0", "", "1", "1.1", "1.1.0.0", "1.x.0", "1.1.0\u0000"})
    void shouldNameBothVersionsWhenItIsAnother(String version) {
        assertThat(Registration.refusal(register(version, 2)))
                .contains("node 'echo' was built with dora " + version + ", expected a dora of version 1.x");
    }

    @ParameterizedTest
    @CsvSource({"1", "3", "65535"})
    void shouldNameBothWhenTheMetadataAreOfAnotherVersion(int version) {
        assertThat(Registration.refusal(register("1.1.0", version)))
                .contains("node 'echo' (dora 1.1.0) sends metadata of version " + version
                        + ", expected version 2, as dora 1.0 and 1.1 have it");
    }

    @Test
    void shouldRecogniseANodeOfAnOlderDoraByItsFirstFrame() {
        ByteBuffer bincode = Wire.buffer("00 00 00 00 10 00 00 00 00 00 00 00 01 95 f2 c4 7a 10");
        assertThat(Registration.isOlderDora(bincode)).isTrue();
        assertThat(Registration.isOlderDora(ByteBuffer.wrap(Wire.encoded(register("1.1.0", 2)))))
                .isFalse();
        assertThat(Registration.isOlderDora(Wire.buffer("00 00 00 00 10 00 00")))
                .isFalse();
        assertThat(Registration.isOlderDora(ByteBuffer.allocate(64))).isFalse();
    }
}
