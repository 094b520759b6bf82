package io.millrace.local.agent;

import io.millrace.layout.Padding;
import io.millrace.node.Batch;

/** A batch with two cache lines in front of its fields: see {@link Padding}. */
@SuppressWarnings({"unused", "MultipleVariableDeclarations"})
abstract class PaddedBatch extends Batch {
    private int f00, f01, f02, f03, f04, f05, f06, f07, f08, f09, f10, f11, f12, f13, f14, f15;
    private int f16, f17, f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29, f30, f31;
}
