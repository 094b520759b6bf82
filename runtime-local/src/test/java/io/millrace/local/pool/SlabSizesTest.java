package io.millrace.local.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlabSizesTest {

    @ParameterizedTest
    @CsvSource({
        "0, 64",
        "1, 64",
        "64, 64",
        "65, 80",
        "80, 80",
        "81, 96",
        "128, 128",
        "129, 160",
        "4096, 4096",
        "4097, 5120",
        "1048576, 1048576",
        "40000000, 41943040",
        "1073741824, 1073741824",
        "1073741825, 1342177280",
        "1879048193, 2147482623"
    })
    void shouldTakeTheNextSizeWhenALengthIsNone(int length, int size) {
        assertThat(SlabSizes.bytes(SlabSizes.indexOf(length))).isEqualTo(size);
    }

    @Test
    void shouldRiseByAQuarterAtTheMost() {
        for (int index = 1; index < SlabSizes.COUNT; index++) {
            long before = SlabSizes.bytes(index - 1);
            long size = SlabSizes.bytes(index);
            assertThat(size).as("size %s", index).isGreaterThan(before).isLessThanOrEqualTo(before + before / 4);
        }
    }

    @Test
    void shouldFindEachSizeByItself() {
        for (int index = 0; index < SlabSizes.COUNT; index++) {
            int bytes = SlabSizes.bytes(index);
            assertThat(SlabSizes.indexOf(bytes)).isEqualTo(index);
            assertThat(SlabSizes.indexOf(bytes - 1)).isEqualTo(index);
        }
    }
}
