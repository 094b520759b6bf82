package io.millrace.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import io.millrace.architecture.bad.DependsOnTooMuch;
import io.millrace.architecture.bad.ExitsAndPrints;
import io.millrace.architecture.bad.KeepsStaticState;
import io.millrace.architecture.bad.LogsWithTheJdk;
import io.millrace.architecture.bad.api.ShowsInternals;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shows that each rule can fail: the classes under {@code bad} break one each. */
class ArchitectureRulesTest {
    private static final String BAD = "io.millrace.architecture.bad";
    private static final JavaClasses OFFENDERS = new ClassFileImporter().importPackages(BAD);

    @Test
    void shouldReportWhenPackagesFormACycle() {
        assertThat(violations(ArchitectureRules.noPackageCycles()))
                .contains("Cycle detected", BAD + ".cycle.one", BAD + ".cycle.two");
    }

    @Test
    void shouldReportWhenACycleGoesThroughTheRootOfItsPackages() {
        assertThat(violations(ArchitectureRules.noPackageCycles()))
                .contains("Slice " + BAD + ".cycle ", BAD + ".cycle.below");
    }

    @ParameterizedTest
    @CsvSource({
        "org.yaml.snakeyaml.., org.yaml.snakeyaml.Yaml",
        "org.agrona.., org.agrona.concurrent.UnsafeBuffer",
        "org.HdrHistogram.., org.HdrHistogram.Histogram",
        "picocli.., picocli.CommandLine"
    })
    void shouldReportWhenAThirdPartyTypeIsUsedElsewhere(String thirdParty, String type) {
        ArchRule rule = ArchitectureRules.thirdPartyStaysAtHome(
                thirdParty, ArchitectureRules.THIRD_PARTY_HOMES.get(thirdParty));

        assertThat(violations(rule)).contains(DependsOnTooMuch.class.getName(), type);
    }

    @Test
    void shouldReportWhenAnOptionalPackageIsUsed() {
        assertThat(violations(ArchitectureRules.standsAlone(BAD + ".upper.."))).contains("lower.Core", "upper.Engine");
    }

    @Test
    void shouldReportWhenALibraryIsUnknown() {
        assertThat(violations(ArchitectureRules.onlyKnownLibraries()))
                .contains(DependsOnTooMuch.class.getName(), "ch.qos.logback.classic.Level");
    }

    @Test
    void shouldReportWhenALowerModuleUsesAnUpperOne() {
        ArchRule rule = ArchitectureRules.neverDependsOn(resideInAPackage(BAD + ".lower.."), BAD + ".upper..");

        assertThat(violations(rule)).contains("lower.Core", "upper.Engine");
    }

    @Test
    void shouldReportEveryKindOfSignatureWhenItShowsForeignTypes() {
        String found =
                violations(ArchitectureRules.signaturesShowOnlyTheApi(Set.of(ShowsInternals.class.getPackageName())));

        assertThat(found)
                .contains(
                        "extends org.agrona.concurrent.UnsafeBuffer",
                        "implements org.agrona.concurrent.Agent",
                        "field " + ShowsInternals.class.getName() + ".histogram org.HdrHistogram.Histogram",
                        "names() returns org.yaml.snakeyaml.nodes.Node",
                        "accept([Lorg.agrona.DirectBuffer;) takes",
                        "fail() throws org.yaml.snakeyaml.error.YAMLException",
                        "has a type parameter of org.agrona.concurrent.Agent",
                        "Nested.open() returns org.agrona.DirectBuffer")
                .doesNotContain("secret", "Hidden.open");
    }

    @Test
    void shouldReportWhenAClassExitsOrPrints() {
        assertThat(violations(ArchitectureRules.neverExitsOrPrints()))
                .contains(
                        ExitsAndPrints.class.getName(),
                        "System.exit(int)",
                        "Runtime.exit(int)",
                        "Runtime.halt(int)",
                        "System.out",
                        "System.err",
                        "printStackTrace()");
    }

    @Test
    void shouldReportWhenAClassLogsWithTheJdk() {
        assertThat(violations(ArchitectureRules.logsThroughSlf4jOnly()))
                .contains(LogsWithTheJdk.class.getName(), "java.util.logging.Logger", "java.lang.System$Logger");
    }

    @Test
    void shouldReportWhenAStaticFieldCanChange() {
        assertThat(violations(ArchitectureRules.noStaticMutableState()))
                .contains(KeepsStaticState.class.getName() + ".count");
    }

    @Test
    void shouldReportWhenAPackageIsNotNullMarked() {
        assertThat(violations(ArchitectureRules.packagesAreNullMarked())).contains("package " + BAD + " of ");
    }

    @Test
    void shouldReportWhenASampleReachesInside() {
        ArchRule rule = ArchitectureRules.usesOnlyExported(Set.of(BAD + ".api"), BAD + ".sample..");

        EvaluationResult result = rule.evaluate(new ClassFileImporter().importPackages(BAD + ".sample"));

        assertThat(result.getFailureReport().toString())
                .contains("sample.ReachesInside", BAD + ".upper.Engine")
                .doesNotContain("type <" + BAD + ".api");
    }

    private static String violations(ArchRule rule) {
        return rule.evaluate(OFFENDERS).getFailureReport().toString();
    }
}
