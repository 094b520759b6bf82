package io.millrace.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordLayoutTest {
    private final ByteBuffer buffer = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 8", "7, 8", "8, 8", "9, 16", "1073741824, 1073741824"})
    void shouldFillUpToAMultipleOfEight(int length, int aligned) {
        assertThat(RecordLayout.align8(length)).isEqualTo(aligned);
    }

    @Test
    void shouldPutEveryFieldWhereItIsDrawn() {
        RecordLayout.putHeader(buffer, 8, RecordLayout.FLAG_REFERENCE, 0x0203, 0x04050607);
        RecordLayout.putLengths(buffer, 8, 0x08090A0B, 0x0C0D0E0F);

        assertThat(buffer.get(8 + RecordLayout.VERSION_OFFSET)).isEqualTo(RecordLayout.VERSION);
        assertThat(buffer.get(8 + RecordLayout.FLAGS_OFFSET)).isEqualTo(RecordLayout.FLAG_REFERENCE);
        assertThat(buffer.getShort(8 + RecordLayout.FORMAT_OFFSET)).isEqualTo((short) 0x0203);
        assertThat(buffer.getInt(8 + RecordLayout.INCARNATION_OFFSET)).isEqualTo(0x04050607);
        assertThat(buffer.getInt(8 + RecordLayout.PARAMETERS_LENGTH_OFFSET)).isEqualTo(0x08090A0B);
        assertThat(buffer.getInt(8 + RecordLayout.PAYLOAD_LENGTH_OFFSET)).isEqualTo(0x0C0D0E0F);
    }

    @Test
    void shouldKeepTheFieldsApartWhenTheyAreNegative() {
        RecordLayout.putHeader(buffer, 0, (byte) -1, 0xFFFF, -1);
        assertThat(buffer.get(RecordLayout.VERSION_OFFSET)).isEqualTo(RecordLayout.VERSION);

        RecordLayout.putHeader(buffer, 0, (byte) 0, 0, -1);
        assertThat(buffer.get(RecordLayout.FLAGS_OFFSET)).isZero();
        assertThat(buffer.getShort(RecordLayout.FORMAT_OFFSET)).isZero();
    }

    @Test
    void shouldCountTheBodyWhenItStandsInTheRecord() {
        RecordLayout.putHeader(buffer, 0, (byte) 0, 0, 0);
        RecordLayout.putLengths(buffer, 0, 3, 10);

        assertThat(RecordLayout.recordLength(buffer, 0)).isEqualTo(32 + 8 + 10);
        assertThat(RecordLayout.isReference(buffer, 0)).isFalse();
    }

    @Test
    void shouldEndWithTheHeaderWhenTheBodyStandsElsewhere() {
        RecordLayout.putHeader(buffer, 0, RecordLayout.FLAG_REFERENCE, 0, 0);
        RecordLayout.putLengths(buffer, 0, 3, 1 << 30);

        assertThat(RecordLayout.recordLength(buffer, 0)).isEqualTo(32);
        assertThat(RecordLayout.isReference(buffer, 0)).isTrue();
    }
}
