package io.millrace.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Holds only where nodes have threads of their own and the clock is the machine's: a runtime that has neither leaves it out. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface RealTime {
    /** Why. */
    String value();
}
