package io.millrace.codec;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** A component that is a text, and the way to it: a handle of type {@code (Record)String}. */
record RecordText(Component component, MethodHandle getter) {

    @Nullable String of(Record whole) {
        try {
            return (String) getter.invokeExact(whole);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("an accessor of a record throws what it may not", e);
        }
    }
}
