package io.millrace.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A condition on classes of exported packages: what others can see of them, type arguments and exceptions included, names
 * only types of the JDK, of slf4j and of exported packages. A list of what is allowed, so that the next library that
 * somebody adds is refused without anybody remembering it here.
 */
final class ShowOnlyTheApi extends ArchCondition<JavaClass> {
    private final Set<String> exportedPackages;

    ShowOnlyTheApi(Set<String> exportedPackages) {
        super("show only types of the JDK, slf4j and exported packages to others");
        this.exportedPackages = Set.copyOf(exportedPackages);
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        if (!exportedPackages.contains(type.getPackageName()) || !isVisible(type)) {
            return;
        }
        type.getSuperclass().ifPresent(superclass -> check(type, "extends", superclass, events));
        type.getInterfaces().forEach(each -> check(type, "implements", each, events));
        checkVariables(type, type.getName(), type.getTypeParameters(), events);
        for (JavaField field : type.getFields()) {
            if (isVisible(field.getModifiers())) {
                check(type, "field " + field.getFullName(), field.getType(), events);
            }
        }
        for (JavaCodeUnit unit : type.getCodeUnits()) {
            if (isVisible(unit.getModifiers())) {
                check(type, unit, events);
            }
        }
    }

    private void check(JavaClass owner, JavaCodeUnit unit, ConditionEvents events) {
        check(owner, unit.getFullName() + " returns", unit.getReturnType(), events);
        unit.getParameterTypes().forEach(each -> check(owner, unit.getFullName() + " takes", each, events));
        unit.getThrowsClause().getTypes().forEach(each -> check(owner, unit.getFullName() + " throws", each, events));
        checkVariables(owner, unit.getFullName(), unit.getTypeParameters(), events);
    }

    private void checkVariables(
            JavaClass owner, String where, List<? extends JavaTypeVariable<?>> variables, ConditionEvents events) {
        variables.stream()
                .map(JavaTypeVariable::getUpperBounds)
                .flatMap(Collection::stream)
                .forEach(bound -> check(owner, where + " has a type parameter of", bound, events));
    }

    private void check(JavaClass owner, String where, JavaType shown, ConditionEvents events) {
        for (JavaClass raw : shown.getAllInvolvedRawTypes()) {
            boolean allowed = isAllowed(raw.getBaseComponentType()) || isOfItsOptionalLibrary(owner, raw);
            events.add(new SimpleConditionEvent(owner, allowed, where + " " + raw.getName()));
        }
    }

    private boolean isAllowed(JavaClass type) {
        String name = type.getPackageName();
        return type.isPrimitive()
                || name.startsWith("java.")
                || name.equals("org.slf4j")
                || name.equals("org.slf4j.event")
                || exportedPackages.contains(name);
    }

    /** Each of these packages is for applications that have its library. */
    private static boolean isOfItsOptionalLibrary(JavaClass owner, JavaClass shown) {
        String name = shown.getPackageName() + ".";
        return switch (owner.getPackageName()) {
            case "io.millrace.local.arrow" -> name.startsWith("org.apache.arrow.");
            case "io.millrace.local.json" -> name.startsWith("com.fasterxml.jackson.");
            case "io.millrace.local.micrometer" -> name.startsWith("io.micrometer.");
            default -> false;
        };
    }

    private static boolean isVisible(JavaClass type) {
        return isVisible(type.getModifiers())
                && type.getEnclosingClass().map(ShowOnlyTheApi::isVisible).orElse(true);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }
}
