package io.millrace.remote;

import io.millrace.contract.ScaleContract;
import io.millrace.contract.TapContract;
import org.junit.jupiter.api.Nested;

/**
 * A cluster keeps the contract of dataflow behaviour with hundreds of nodes, each of whose edges is one between machines: twenty million messages over links; and with subscribers
 * that come and go while a million flow. Not part of the build;
 * run by {@code runtime-remote/contract-at-length}.
 */
class ClusterContractAtLength extends SpreadDataflows {
    @Nested
    class Scale extends ScaleContract {}

    @Nested
    class Taps extends TapContract {}
}
