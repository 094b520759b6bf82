package io.millrace.contract.nodes;

import io.millrace.node.Operator;

/** Takes whatever comes and does nothing with it. */
public final class Drain implements Operator {}
