package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadOptionsTest {

    @Test
    void shouldHaveTheDefaultsThatItsDocumentationNames() {
        LoadOptions defaults = LoadOptions.DEFAULT;

        assertThat(defaults.environment()).isEqualTo(System.getenv());
        assertThat(defaults.checkPaths()).isTrue();
        assertThat(defaults.requireWorkingDir()).isFalse();
        assertThat(defaults.strictTypes()).isFalse();
        assertThat(defaults.forCluster()).isFalse();
        assertThat(defaults.directory()).isEmpty();
    }

    @Test
    void shouldKeepWhatWasSaid() {
        LoadOptions options = LoadOptions.builder()
                .environment(Map.of("A", "1"))
                .checkPaths(false)
                .requireWorkingDir(true)
                .strictTypes(true)
                .forCluster(true)
                .directory(Path.of("flows"))
                .build();

        assertThat(options.environment()).containsExactly(Map.entry("A", "1"));
        assertThat(options.checkPaths()).isFalse();
        assertThat(options.requireWorkingDir()).isTrue();
        assertThat(options.strictTypes()).isTrue();
        assertThat(options.forCluster()).isTrue();
        assertThat(options.directory()).contains(Path.of("flows"));
        assertThat(options)
                .hasToString("LoadOptions[environment=1 variables, checkPaths=false, requireWorkingDir=true,"
                        + " strictTypes=true, forCluster=true, directory=flows]");
    }

    @Test
    void shouldPrintNoSecret() {
        LoadOptions options =
                LoadOptions.builder().environment(Map.of("TOKEN", "swordfish")).build();

        assertThat(options.toString()).doesNotContain("swordfish");
    }

    @Test
    void shouldPrintEveryFieldThereIs() {
        String printed = LoadOptions.DEFAULT.toString();

        List<String> fields = Arrays.stream(LoadOptions.Builder.class.getDeclaredFields())
                .filter(field -> !field.isSynthetic())
                .map(Field::getName)
                .toList();

        assertThat(fields).isNotEmpty().allSatisfy(field -> assertThat(printed).contains(field + "="));
    }

    @Test
    void shouldNotChangeWhenTheEnvironmentItWasGivenDoes() {
        Map<String, String> variables = new HashMap<>(Map.of("A", "1"));
        LoadOptions options = LoadOptions.builder().environment(variables).build();

        variables.put("B", "2");

        assertThat(options.environment()).containsOnlyKeys("A");
    }

    @Test
    void shouldRefuseNothingByItsName() {
        LoadOptions.Builder builder = LoadOptions.builder();

        assertThatNullPointerException()
                .isThrownBy(() -> builder.environment(null))
                .withMessage("environment");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.directory(null))
                .withMessage("directory");
    }
}
