package io.millrace.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the whole library, as compiled, and the samples against {@link ArchitectureRules}. */
class ArchitectureTest {
    private static final ModuleDescriptors MODULES = ModuleDescriptors.onClassPath();
    private static final JavaClasses LIBRARY = new ClassFileImporter().importUrls(MODULES.roots());
    private static final JavaClasses SAMPLES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.millrace.samples");

    /** What runs a dataflow in this JVM, from what knows least to what knows most. */
    private static final List<String> LOCAL_LAYERS = List.of(
            "io.millrace.local.edge",
            "io.millrace.local.waiting",
            "io.millrace.local.part",
            "io.millrace.local.agent",
            "io.millrace.local.logs",
            "io.millrace.local.plan",
            "io.millrace.local.crew",
            "io.millrace.local.program",
            "io.millrace.local.wiring",
            "io.millrace.local.run",
            "io.millrace.local.stepped",
            "io.millrace.local");

    @Test
    void shouldDescribeItselfWhenAModuleIsALibrary() {
        assertThat(MODULES.names())
                .containsExactlyInAnyOrder("io.millrace.core", "io.millrace.local", "io.millrace.remote");
        assertThat(LIBRARY.containPackage("io.millrace.graph")).isTrue();
        assertThat(LIBRARY.containPackage("io.millrace.local")).isTrue();
        assertThat(LIBRARY.containPackage("io.millrace.remote")).isTrue();
    }

    @Test
    void shouldHaveNoCycleWhenPackagesDependOnEachOther() {
        ArchitectureRules.noPackageCycles().check(LIBRARY);
    }

    @TestFactory
    Stream<DynamicTest> shouldStayAtHomeWhenALibraryIsThirdParty() {
        return ArchitectureRules.THIRD_PARTY_HOMES.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey() + " only in " + entry.getValue(),
                        () -> ArchitectureRules.thirdPartyStaysAtHome(entry.getKey(), entry.getValue())
                                .check(LIBRARY)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.millrace.local.arrow..", "io.millrace.local.json..", "io.millrace.local.micrometer.."})
    void shouldBeUsedByNobodyWhenAPackageIsForAnOptionalLibrary(String optionalPackage) {
        ArchitectureRules.standsAlone(optionalPackage).check(LIBRARY);
    }

    @Test
    void shouldUseKnownLibrariesOnly() {
        ArchitectureRules.onlyKnownLibraries().check(LIBRARY);
    }

    @Test
    void shouldDependDownwardsWhenModulesDependOnEachOther() {
        ArchitectureRules.neverDependsOn(
                        resideOutsideOfPackages("io.millrace.local..", "io.millrace.remote.."),
                        "io.millrace.local..",
                        "io.millrace.remote..")
                .check(LIBRARY);
        ArchitectureRules.neverDependsOn(resideInAPackage("io.millrace.local.."), "io.millrace.remote..")
                .check(LIBRARY);
    }

    @TestFactory
    Stream<DynamicTest> shouldDependDownwardsWhenPackagesOfTheLocalRuntimeDependOnEachOther() {
        return IntStream.range(0, LOCAL_LAYERS.size() - 1).mapToObj(layer -> {
            String lower = LOCAL_LAYERS.get(layer);
            String[] upper =
                    LOCAL_LAYERS.subList(layer + 1, LOCAL_LAYERS.size()).toArray(String[]::new);
            return DynamicTest.dynamicTest(
                    lower + " on none of " + List.of(upper),
                    () -> ArchitectureRules.neverDependsOn(resideInAPackage(lower), upper)
                            .check(LIBRARY));
        });
    }

    @Test
    void shouldShowOnlyTheApiWhenASignatureIsPublic() {
        Set<String> exported = MODULES.exportedPackages();

        assertThat(exported).contains("io.millrace.node").doesNotContain("io.millrace.layout");
        ArchitectureRules.signaturesShowOnlyTheApi(exported).check(LIBRARY);
    }

    @Test
    void shouldNeitherExitNorPrintWhenEmbedded() {
        ArchitectureRules.neverExitsOrPrints().check(LIBRARY);
    }

    @Test
    void shouldLogThroughSlf4jOnly() {
        ArchitectureRules.logsThroughSlf4jOnly().check(LIBRARY);
    }

    @Test
    void shouldKeepNoStaticMutableState() {
        ArchitectureRules.noStaticMutableState().check(LIBRARY);
    }

    @Test
    void shouldBeNullMarkedWhenAPackageIsOfTheLibrary() {
        ArchitectureRules.packagesAreNullMarked().check(LIBRARY);
    }

    @Test
    void shouldUseExportedPackagesOnlyWhenItIsASample() {
        ArchitectureRules.usesOnlyExported(MODULES.exportedPackages(), "io.millrace.samples..")
                .check(SAMPLES);
    }
}
