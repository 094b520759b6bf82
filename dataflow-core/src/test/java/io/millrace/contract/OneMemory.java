package io.millrace.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Holds only where all nodes share the memory of one JVM: a runtime where they do not leaves it out. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OneMemory {
    /** Why. */
    String value();
}
