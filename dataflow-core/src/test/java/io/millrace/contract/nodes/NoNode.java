package io.millrace.contract.nodes;

/** A public class that is neither kind of node. */
public final class NoNode {}
