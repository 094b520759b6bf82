package io.millrace.architecture.bad.upper;

/** Stands above, and is exported to nobody. */
public record Engine(String name) {}
