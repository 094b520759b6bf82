package io.millrace.contract;

import io.millrace.Dataflow;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;

/** A runtime that is to keep the contract: implemented by the test class whose nested classes are the topics. */
public interface ContractRuntime {

    /**
     * Starts the dataflow, and returns when it runs.
     *
     * @return the handle, of which the contract uses nothing but the interface
     */
    RunningDataflow start(Dataflow dataflow, StartOptions options);

    /**
     * Whether all nodes hear of a stop before any of them ends for it. If not, a node whose inputs are closed by one that has heard of it already may have finished before it
     * hears of it itself.
     */
    default boolean stopsAllAtOnce() {
        return true;
    }

    /** How many messages are many: they take a second or so. For a longer run, {@code -Dmillrace.contract.many=1000000}. */
    default long many() {
        return Long.getLong("millrace.contract.many", 200_000);
    }

    /**
     * Called after each test, when its dataflows are closed: asserts that nothing of them remains. Not called after a test that had a node abandoned, whose thread remains for
     * a while by intent.
     */
    default void assertNothingRemains() {}
}
