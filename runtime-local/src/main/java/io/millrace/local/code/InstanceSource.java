package io.millrace.local.code;

/** Makes the instance for an incarnation. */
@FunctionalInterface
public interface InstanceSource<T> {
    T create() throws Exception;
}
