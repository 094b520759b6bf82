package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    enum Quality {
        GOOD,
        POOR {
            @Override
            public String toString() {
                return "poor";
            }
        }
    }

    record Where(double latitude, double longitude) {}

    /** As the documentation draws it. */
    record Fix(long timeMs, Where where, Quality quality, String receiver, String note) {}

    record Everything(boolean a, byte b, short c, char d, int e, long f, float g, double h, String i, Quality j) {}

    private static final RecordCodec<Fix> FIX = Codecs.ofRecord(Fix.class);
    private static final RecordCodec<Everything> EVERYTHING = Codecs.ofRecord(Everything.class);

    private final Wire wire = new Wire(1 << 12);

    @Test
    void shouldLayARecordOutAsItIsDrawn() {
        Fix fix = new Fix(7, new Where(1.5, -2.5), Quality.POOR, "gps", "gr\u00FC\u00DFe");
        byte[] note = "gr\u00FC\u00DFe".getBytes(StandardCharsets.UTF_8);
        byte[] expected = ByteBuffer.allocate(34 + 3 + note.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(7)
                .putDouble(1.5)
                .putDouble(-2.5)
                .putShort((short) 1)
                .putInt(37)
                .putInt(37 + note.length)
                .put("gps".getBytes(StandardCharsets.UTF_8))
                .put(note)
                .array();

        for (int pattern = -1; pattern <= 0; pattern++) {
            FIX.send(wire.fill((byte) pattern), fix);

            assertThat(wire.message().toByteArray()).isEqualTo(expected);
        }
        assertThat(FIX.read(wire.message())).isEqualTo(fix);
    }

    @Test
    void shouldReadNullWhenATextOrEnumWasNull() {
        Fix fix = new Fix(7, new Where(0, 0), null, null, "x");

        FIX.send(wire, fix);

        assertThat(wire.message().getInt(26)).isEqualTo(~34);
        assertThat(wire.message().length()).isEqualTo(35);
        assertThat(FIX.read(wire.message())).isEqualTo(fix);
    }

    @Test
    void shouldReadWhatWasWrittenWhenRecordsAreAnything() {
        Random random = new Random(4);
        for (int round = 0; round < 3000; round++) {
            Everything written = new Everything(
                    random.nextBoolean(),
                    (byte) random.nextInt(),
                    (short) random.nextInt(),
                    (char) random.nextInt(),
                    random.nextInt(),
                    random.nextLong(),
                    random.nextFloat(),
                    random.nextGaussian(),
                    random.nextInt(9) == 0 ? null : "\u20AC".repeat(random.nextInt(20)) + round,
                    random.nextInt(9) == 0 ? null : Quality.values()[random.nextInt(2)]);

            EVERYTHING.send(wire, written);

            assertThat(EVERYTHING.read(wire.message())).isEqualTo(written);
        }
    }

    @Test
    void shouldReadSingleComponentsWhenViewed() {
        Everything written = new Everything(
                true, (byte) -2, (short) -3, '\u20AC', -5, Long.MIN_VALUE, 1.5f, -0.0, "te\u00DFt", Quality.POOR);
        EVERYTHING.send(wire, written);
        RecordView view = EVERYTHING.view().wrap(wire.message());

        assertThat(view.getBoolean(EVERYTHING.indexOf("a"))).isTrue();
        assertThat(view.getByte(EVERYTHING.indexOf("b"))).isEqualTo((byte) -2);
        assertThat(view.getShort(EVERYTHING.indexOf("c"))).isEqualTo((short) -3);
        assertThat(view.getChar(EVERYTHING.indexOf("d"))).isEqualTo('\u20AC');
        assertThat(view.getInt(EVERYTHING.indexOf("e"))).isEqualTo(-5);
        assertThat(view.getLong(EVERYTHING.indexOf("f"))).isEqualTo(Long.MIN_VALUE);
        assertThat(view.getFloat(EVERYTHING.indexOf("g"))).isEqualTo(1.5f);
        assertThat(view.getDouble(EVERYTHING.indexOf("h"))).isEqualTo(-0.0);
        assertThat(view.getText(EVERYTHING.indexOf("i"))).isEqualTo("te\u00DFt");
        assertThat(view.getEnum(EVERYTHING.indexOf("j"), Quality.class)).isSameAs(Quality.POOR);
    }

    @Test
    void shouldFindTextsAndNestedComponentsWhenViewed() {
        FIX.send(wire, new Fix(7, new Where(1.5, -2.5), null, null, "note"));
        RecordView view = FIX.view().wrap(wire.message());

        assertThat(view.getDouble(FIX.indexOf("where.longitude"))).isEqualTo(-2.5);
        assertThat(view.getEnum(FIX.indexOf("quality"), Quality.class)).isNull();
        assertThat(view.getText(FIX.indexOf("receiver"))).isNull();
        assertThat(view.getText(FIX.indexOf("note"))).isEqualTo("note");
    }

    @Test
    void shouldSayWhatThereIsWhenAComponentIsNotThereOrOfAnotherType() {
        RecordView view = FIX.view();
        assertThatIllegalStateException().isThrownBy(() -> view.getLong(0)).withMessageContaining("wrap one first");
        FIX.send(wire, new Fix(7, new Where(1.5, -2.5), null, null, null));
        view.wrap(wire.message());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> FIX.indexOf("where"))
                .withMessage(Fix.class.getName() + " has no component 'where': it has [timeMs (long), "
                        + "where.latitude (double), where.longitude (double), quality (enum), receiver (String), "
                        + "note (String)]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> view.getInt(0))
                .withMessage("component 'timeMs' of " + Fix.class.getName() + " is a long, not a int");
        assertThatThrownBy(() -> view.getLong(6)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    record Empty() {}

    record Wrapper(Empty nothing, String text) {}

    @Test
    void shouldTakeNoBytesWhenThereAreNoComponents() {
        RecordCodec<Empty> codec = Codecs.ofRecord(Empty.class);
        codec.send(wire, new Empty());
        assertThat(wire.message().length()).isZero();
        assertThat(codec.read(wire.message())).isEqualTo(new Empty());

        RecordCodec<Wrapper> wrapper = Codecs.ofRecord(Wrapper.class);
        wrapper.send(wire, new Wrapper(new Empty(), "in"));
        assertThat(wrapper.read(wire.message())).isEqualTo(new Wrapper(new Empty(), "in"));
    }

    record Listed(int id, List<String> names) {}

    record Boxed(Integer number) {}

    record Optional1(Optional<String> text) {}

    record Generic<T>(T value) {}

    record Deep(Wrapper fine, Boxed boxed) {}

    record Chain(int value, Chain next) {}

    @Test
    void shouldNameTheComponentWhenItsTypeIsNotSupported() {
        assertRefused(
                Listed.class,
                "component 'names' is of type java.util.List: a component must be a primitive, "
                        + "a String, an enum, or a record of these");
        assertRefused(Boxed.class, "component 'number' is of type java.lang.Integer");
        assertRefused(Optional1.class, "component 'text' is of type java.util.Optional");
        assertRefused(Generic.class, "component 'value' is of type java.lang.Object");
        assertRefused(Deep.class, "component 'boxed.number' is of type java.lang.Integer");
        assertRefused(Chain.class, "component 'next' is a Chain within a Chain, which never ends");
    }

    private static <R extends Record> void assertRefused(Class<R> type, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Codecs.ofRecord(type))
                .withMessageStartingWith("record " + type.getName() + " cannot be laid out: " + why);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    @Test
    void shouldRefuseWhenTheTypeIsNoRecord() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Codecs.ofRecord((Class) Record.class))
                .withMessage("'java.lang.Record' is not a record");
    }

    record Wide0(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j) {}

    record Wide1(Wide0 a, Wide0 b, Wide0 c, Wide0 d, Wide0 e, Wide0 f, Wide0 g, Wide0 h, Wide0 i, Wide0 j) {}

    record Wide2(Wide1 a, Wide1 b, Wide1 c, Wide1 d, Wide1 e, Wide1 f, Wide1 g, Wide1 h, Wide1 i, Wide1 j) {}

    record Wide3(Wide2 a, int b) {}

    @Test
    void shouldReadWhatWasWrittenWhenThereAreAsManyComponentsAsThereMayBe() {
        Wide0 tens = new Wide0(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        Wide1 hundreds = new Wide1(tens, tens, tens, tens, tens, tens, tens, tens, tens, tens);
        Wide2 wide = new Wide2(
                hundreds, hundreds, hundreds, hundreds, hundreds, hundreds, hundreds, hundreds, hundreds, hundreds);
        RecordCodec<Wide2> codec = Codecs.ofRecord(Wide2.class);
        Wire large = new Wire(8000);

        codec.send(large, wide);

        assertThat(large.message().length()).isEqualTo(8000);
        assertThat(codec.read(large.message())).isEqualTo(wide);
        assertRefused(Wide3.class, "component 'b' is one too many: there may be 1000, nested ones included");
    }

    @Test
    void shouldNameTheComponentWhenANestedRecordIsNull() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FIX.send(wire, new Fix(1, null, null, "a", "b")))
                .withMessage("component Fix.where is null: of a record's components only a String and an enum may be");
        assertThat(wire.hasOpenClaim()).isFalse();
    }

    static final class Elsewhere {
        record Where(double latitude, double longitude) {}

        record Other(double latitude, double longitude) {}
    }

    static final class Changed {
        record Where(double longitude, double latitude) {}
    }

    @Test
    void shouldHaveTheSameIdWhenNameAndComponentsAreTheSame() {
        int id = Codecs.ofRecord(Where.class).id();

        assertThat(Codecs.ofRecord(Elsewhere.Where.class).id()).isEqualTo(id).isBetween(0x8000, 0xFFFF);
        assertThat(Codecs.ofRecord(Changed.Where.class).id()).isNotEqualTo(id);
        assertThat(Codecs.ofRecord(Elsewhere.Other.class).id()).isNotEqualTo(id);
    }

    @Test
    void shouldNameBothWhenAnotherRecordWasWritten() {
        RecordCodec<Elsewhere.Other> other = Codecs.ofRecord(Elsewhere.Other.class);
        RecordCodec<Where> codec = Codecs.ofRecord(Where.class);
        other.send(wire, new Elsewhere.Other(1, 2));

        assertThatThrownBy(() -> codec.read(wire.message()))
                .isInstanceOf(CodecException.class)
                .hasMessage("message 0 of 16 bytes was written as a record of other components or another name (codec "
                        + other.id() + "), and is read as Where(double latitude, double longitude) (codec " + codec.id()
                        + "): both ends must use the same codec");
        assertThatThrownBy(() -> codec.view().wrap(wire.message())).isInstanceOf(CodecException.class);
    }

    @Test
    void shouldSayWhereWhenBytesAreDamaged() {
        assertThat(FIX.name())
                .isEqualTo("Fix(long timeMs, Where(double latitude, double longitude) where, "
                        + "Quality[GOOD, POOR] quality, String receiver, String note)");
        assertDamaged(0, "at byte 0, expected 34 bytes or more, found 0");
        assertDamaged(33, "at byte 33, expected 34 bytes or more, found 33");
        assertDamaged(
                34,
                "at byte 26, component 'receiver', expected where a text ends that begins at 34, "
                        + "or the complement of that, found 0");
        assertDamaged(36, "at byte 34, expected the end of the payload, found 2 bytes more", 34, 34);
        assertDamaged(36, "at byte 30, component 'note', expected where a text ends", 35, 34);
        assertDamaged(36, "at byte 26, component 'receiver', expected where a text ends", 37, 37);
        assertDamaged(36, "at byte 26, component 'receiver', expected where a text ends", ~35, 36);
        assertDamaged(36, "at byte 26, component 'receiver', expected where a text ends", Integer.MAX_VALUE, 36);
        assertDamaged(36, "at byte 26, component 'receiver', expected where a text ends", Integer.MIN_VALUE, 36);
    }

    private void assertDamaged(int length, String problem, int... slots) {
        ByteBuffer payload = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        if (slots.length > 0) {
            payload.putInt(26, slots[0]).putInt(30, slots[1]);
        }
        Message message = wire.raw(FIX.id(), payload.array());
        assertThatThrownBy(() -> FIX.read(message))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("is not Fix(")
                .hasMessageContaining(problem);
        assertThatThrownBy(() -> FIX.view().wrap(message))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void shouldNameTheComponentWhenItsValueIsImpossible() {
        EVERYTHING.send(wire, new Everything(true, (byte) 0, (short) 0, 'x', 0, 0, 0, 0, "\u20AC", Quality.GOOD));
        byte[] right = wire.message().toByteArray();
        byte[] noBoolean = right.clone();
        noBoolean[0] = 9;
        byte[] noConstant = right.clone();
        noConstant[34] = 2;
        byte[] noText = right.clone();
        noText[37] = 'x';

        assertThatThrownBy(() -> EVERYTHING.read(wire.raw(EVERYTHING.id(), noBoolean)))
                .hasMessageEndingWith(": at byte 0, component 'a', expected 0 or 1, found 9");
        assertThatThrownBy(() -> EVERYTHING.read(wire.raw(EVERYTHING.id(), noConstant)))
                .hasMessageEndingWith(
                        ": at byte 34, component 'j', expected the number of one of [GOOD, poor], found 2");
        assertThatThrownBy(() -> EVERYTHING.read(wire.raw(EVERYTHING.id(), noText)))
                .hasMessageEndingWith(": at byte 36, component 'i', expected a character of UTF-8, found 0xe2");
    }

    record Depth(double meters) {
        Depth {
            if (meters < 0) {
                throw new IllegalArgumentException("a depth is not negative: " + meters);
            }
        }
    }

    @Test
    void shouldKeepTheReasonWhenTheRecordRefusesItsValues() {
        RecordCodec<Depth> codec = Codecs.ofRecord(Depth.class);
        Message message = wire.raw(codec.id(), new byte[] {0, 0, 0, 0, 0, 0, 0, (byte) 0xC0});

        assertThatThrownBy(() -> codec.read(message))
                .isInstanceOf(CodecException.class)
                .hasMessageEndingWith("has values that " + Depth.class.getName()
                        + " refuses: java.lang.IllegalArgumentException: a depth is not negative: -2.0")
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    record Moody(int value, String text) {
        @Override
        public String text() {
            throw new UnsupportedOperationException("not today");
        }
    }

    @Test
    void shouldSendNothingWhenAnAccessorThrows() {
        assertThatThrownBy(() -> Codecs.ofRecord(Moody.class).send(wire, new Moody(1, "a")))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("not today");
        assertThat(wire.hasOpenClaim()).isFalse();
        assertThat(wire.sent()).isZero();
    }
}
