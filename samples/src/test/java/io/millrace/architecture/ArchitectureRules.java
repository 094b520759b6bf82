package io.millrace.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The rules of DESIGN's modules and packages that a compiler does not check. */
final class ArchitectureRules {
    static final String COMMAND_LINE = "io.millrace.remote.cli..";

    /** Third-party packages, each with the one place of the library that may use it. */
    static final Map<String, String> THIRD_PARTY_HOMES = new TreeMap<>(Map.ofEntries(
            Map.entry("org.yaml.snakeyaml..", "io.millrace.yaml.."),
            Map.entry("org.agrona..", "io.millrace.local.."),
            Map.entry("org.HdrHistogram..", "io.millrace.local.."),
            Map.entry("net.openhft..", "io.millrace.local.recording.."),
            Map.entry("com.fasterxml.jackson..", "io.millrace.local.json.."),
            Map.entry("com.google.flatbuffers..", "io.millrace.local.arrow.."),
            Map.entry("org.apache.arrow..", "io.millrace.local.arrow.."),
            Map.entry("jdk.jfr..", "io.millrace.local.jfr.."),
            Map.entry("io.micrometer..", "io.millrace.local.micrometer.."),
            Map.entry("com.sun.jna..", "io.millrace.local.affinity.."),
            Map.entry("io.netty..", "io.millrace.remote.link.."),
            Map.entry("org.apache.ratis..", "io.millrace.remote.raft.."),
            Map.entry("picocli..", COMMAND_LINE)));

    private static final String[] USABLE_EVERYWHERE = {
        "java..", "javax.net.ssl..", "io.millrace..", "org.slf4j..", "org.jspecify.annotations"
    };

    private ArchitectureRules() {}

    /** Every package is a slice of its own, the root package too, which a pattern would leave out. */
    static ArchRule noPackageCycles() {
        return slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return type.getPackageName().startsWith("io.millrace")
                                ? SliceIdentifier.of(type.getPackageName())
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "the packages of the library";
                    }
                })
                .should()
                .beFreeOfCycles();
    }

    static ArchRule thirdPartyStaysAtHome(String thirdParty, String home) {
        return noClasses()
                .that(resideOutsideOfPackages(home))
                .should()
                .dependOnClassesThat(resideInAPackage(thirdParty))
                .because(home + " hides this library from all others");
    }

    /** Nobody else uses it, so without its library nothing is missing but the package itself. */
    static ArchRule standsAlone(String optionalPackage) {
        return noClasses()
                .that(resideOutsideOfPackages(optionalPackage))
                .should()
                .dependOnClassesThat(resideInAPackage(optionalPackage))
                .because("who does not have the library of " + optionalPackage + " must not need it");
    }

    static ArchRule onlyKnownLibraries() {
        String[] homed = THIRD_PARTY_HOMES.keySet().toArray(String[]::new);
        return classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(USABLE_EVERYWHERE).or(resideInAnyPackage(homed)))
                .because("a new dependency is a decision, and has one home");
    }

    static ArchRule neverDependsOn(DescribedPredicate<JavaClass> lower, String... upperPackages) {
        return noClasses()
                .that(lower)
                .should()
                .dependOnClassesThat(resideInAnyPackage(upperPackages))
                .because("modules and their packages depend downwards only");
    }

    static ArchRule signaturesShowOnlyTheApi(Set<String> exportedPackages) {
        return classes().should(new ShowOnlyTheApi(exportedPackages));
    }

    /** We are a guest in someone's process: no exit, nothing on its standard streams. */
    static ArchRule neverExitsOrPrints() {
        return noClasses()
                .that(resideOutsideOfPackages(COMMAND_LINE))
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethodWhere(JavaCall.Predicates.target(HasName.Predicates.name("printStackTrace")));
    }

    /** Where Ratis is, gRPC has to be kept from printing, which it does through the JDK's loggers. */
    static ArchRule logsThroughSlf4jOnly() {
        return noClasses()
                .that(resideOutsideOfPackages("io.millrace.remote.raft.."))
                .should()
                .dependOnClassesThat(resideInAPackage("java.util.logging..").or(equivalentTo(System.Logger.class)))
                .because("the application chooses where logs go, through slf4j");
    }

    static ArchRule noStaticMutableState() {
        return fields().that().areStatic().should().beFinal();
    }

    static ArchRule packagesAreNullMarked() {
        return classes().should(new ArchCondition<>("be in a package marked @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked");
                events.add(new SimpleConditionEvent(
                        type, marked, "package " + type.getPackageName() + " of " + type.getName() + " is not"));
            }
        });
    }

    /** For samples: of the library they use what every application may use. */
    static ArchRule usesOnlyExported(Set<String> exportedPackages, String ownPackages) {
        DescribedPredicate<JavaClass> internal = resideInAPackage("io.millrace..")
                .and(DescribedPredicate.not(resideInAPackage(ownPackages)))
                .and(DescribedPredicate.describe(
                        "are not exported", type -> !exportedPackages.contains(type.getPackageName())));
        return noClasses().should().dependOnClassesThat(internal);
    }
}
