package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.millrace.graph.Execution.Idle;
import io.millrace.testkit.ManualClock;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class StartOptionsTest {
    private final ClassLoader loader = new ClassLoader("the app's", null) {};
    private final ManualClock clock = new ManualClock();
    private final ThreadFactory factory = Executors.defaultThreadFactory();
    private final StartOptions options = StartOptions.builder()
            .runtime("remote")
            .startTimeout(Duration.ofSeconds(7))
            .closeGrace(Duration.ofMillis(250))
            .finishGrace(Duration.ofSeconds(9))
            .keepAlive(false)
            .idle(Idle.BUSY_SPIN)
            .threads(3)
            .seed(17)
            .debug(true)
            .classLoader(loader)
            .clock(clock)
            .metrics(false)
            .slowHandling(Duration.ofSeconds(2))
            .threadFactory(factory)
            .stateDirectory(Path.of("state"))
            .build();

    @Test
    void shouldHaveTheDefaultsThatItsDocumentationNames() {
        StartOptions defaults = StartOptions.DEFAULT;

        assertThat(defaults.runtime()).isEqualTo("local");
        assertThat(defaults.startTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(defaults.closeGrace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(defaults.keepAlive()).isTrue();
        assertThat(defaults.idle()).isEqualTo(Idle.PARK);
        assertThat(defaults.debug()).isFalse();
        assertThat(defaults.classLoader()).isEmpty();
        assertThat(defaults.threadFactory()).isEmpty();
        assertThat(defaults.stateDirectory()).isEmpty();
        assertThat(defaults.metrics()).isTrue();
        assertThat(defaults.slowHandling()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void shouldKeepWhatWasSaid() {
        assertThat(options.runtime()).isEqualTo("remote");
        assertThat(options.startTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(options.closeGrace()).isEqualTo(Duration.ofMillis(250));
        assertThat(options.finishGrace()).hasValue(Duration.ofSeconds(9));
        assertThat(options.keepAlive()).isFalse();
        assertThat(options.idle()).isEqualTo(Idle.BUSY_SPIN);
        assertThat(options.threads()).hasValue(3);
        assertThat(options.seed()).hasValue(17);
        assertThat(options.debug()).isTrue();
        assertThat(options.classLoader()).containsSame(loader);
        assertThat(options.clock()).isSameAs(clock);
        assertThat(options.threadFactory()).containsSame(factory);
        assertThat(options.stateDirectory()).hasValue(Path.of("state"));
        assertThat(options.metrics()).isFalse();
        assertThat(options.slowHandling()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void shouldPrintEverything() {
        assertThat(options)
                .hasToString(
                        "StartOptions[runtime=remote, startTimeout=PT7S, closeGrace=PT0.25S, finishGrace=PT9S, keepAlive=false,"
                                + " idle=busy-spin, threads=3, seed=17, debug=true, classLoader=" + loader + ", clock="
                                + clock
                                + ", threadFactory=" + factory
                                + ", whenOpen=null, metrics=false, slowHandling=PT2S, stateDirectory=state]");
    }

    @Test
    void shouldPrintEveryFieldThereIs() {
        String printed = StartOptions.DEFAULT.toString();

        List<String> fields = Arrays.stream(StartOptions.Builder.class.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
                .map(Field::getName)
                .toList();

        assertThat(fields).isNotEmpty().allSatisfy(field -> assertThat(printed).contains(field + "="));
    }

    @Test
    void shouldCopyEveryFieldWhenItIsMadeAgain() {
        assertThat(options.toBuilder().build()).hasToString(options.toString());
    }

    @Test
    void shouldNotChangeWhenItsBuilderGoesOn() {
        StartOptions.Builder builder = StartOptions.builder().runtime("first");
        StartOptions first = builder.build();

        builder.runtime("second");

        assertThat(first.runtime()).isEqualTo("first");
        assertThat(builder.build().runtime()).isEqualTo("second");
    }

    @Test
    void shouldRefuseATimeThatMakesNoSense() {
        StartOptions.Builder builder = StartOptions.builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.startTimeout(Duration.ZERO))
                .withMessage("start timeout must be positive, found PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.slowHandling(Duration.ZERO))
                .withMessage("slow handling must be positive, found PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.closeGrace(Duration.ofMillis(-1)))
                .withMessage("close grace must not be negative, found PT-0.001S");
    }

    @Test
    void shouldRefuseNothingByItsName() {
        StartOptions.Builder builder = StartOptions.builder();

        assertThatNullPointerException().isThrownBy(() -> builder.runtime(null)).withMessage("runtime");
        assertThatNullPointerException().isThrownBy(() -> builder.idle(null)).withMessage("idle");
        assertThatNullPointerException().isThrownBy(() -> builder.clock(null)).withMessage("clock");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.startTimeout(null))
                .withMessage("start timeout");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.closeGrace(null))
                .withMessage("close grace");
    }
}
