package io.millrace.local.run;

/** Makes the instance for an incarnation. */
@FunctionalInterface
interface InstanceSource<T> {
    T create() throws Exception;
}
