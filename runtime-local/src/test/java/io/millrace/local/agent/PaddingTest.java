package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.layout.HybridClock;
import io.millrace.layout.MessageView;
import io.millrace.local.waiting.StreamPause;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one thread writes for every message shares no cache line with anything else, wherever the garbage collector puts it. */
class PaddingTest {
    private static final int PAIR_OF_LINES = 128;
    private static final Predicate<Field> IS_FILLER = field -> field.getName().matches("[ft]\\d\\d");

    static Stream<Class<?>> writtenAtMessageRate() throws ClassNotFoundException {
        List<Class<?>> classes = new ArrayList<>(List.of(
                HybridClock.Padded.class,
                MessageView.Padded.class,
                HandlingTimes.Padded.class,
                InputBatch.Padded.class,
                InputPort.Padded.class,
                NodeAgent.Padded.class,
                NodeSending.Padded.class,
                NodeTime.Padded.class,
                NodeWaits.Padded.class,
                OperatorSlot.Padded.class,
                OutputClaim.Padded.class,
                OutputPort.Padded.class,
                OwnLoop.Padded.class,
                Pulse.Padded.class,
                StreamPause.Padded.class));
        for (String name : List.of(
                "edge.AgronaWriter$Padded",
                "edge.OneToOneReader$Padded",
                "edge.OneToOneWriter$Padded",
                "edge.SlotReader$Padded",
                "edge.SlotWriter$Padded")) {
            classes.add(Class.forName("io.millrace.local." + name));
        }
        return classes.stream();
    }

    @ParameterizedTest
    @MethodSource("writtenAtMessageRate")
    void shouldKeepTwoCacheLinesOnBothSidesWhenAFieldIsWritten(Class<?> type) throws Exception {
        List<Field> fields = fields(type);
        long firstFiller = offsets(fields, IS_FILLER).min().orElseThrow();
        long lastFiller = offsets(fields, IS_FILLER).max().orElseThrow();
        List<Field> written = fields.stream()
                .filter(IS_FILLER.negate())
                .filter(field -> !Modifier.isFinal(field.getModifiers()))
                .toList();

        assertThat(written).isNotEmpty().allSatisfy(field -> {
            assertThat(offset(field) - firstFiller).as("%s, in front", field).isGreaterThanOrEqualTo(PAIR_OF_LINES);
            assertThat(lastFiller + Long.BYTES - (offset(field) + Long.BYTES))
                    .as("%s, behind", field)
                    .isGreaterThanOrEqualTo(PAIR_OF_LINES - Long.BYTES);
        });
    }

    private static List<Field> fields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            Stream.of(each.getDeclaredFields())
                    .filter(field -> !Modifier.isStatic(field.getModifiers()))
                    .forEach(fields::add);
        }
        return fields;
    }

    private static LongStream offsets(List<Field> fields, Predicate<Field> which) {
        return fields.stream().filter(which).mapToLong(PaddingTest::offset);
    }

    /** Through what every JVM has for it, by reflection, for a compiler warns of it. */
    private static long offset(Field field) {
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field instance = type.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            return (long) type.getMethod("objectFieldOffset", Field.class).invoke(instance.get(null), field);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
