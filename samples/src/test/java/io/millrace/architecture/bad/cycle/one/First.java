package io.millrace.architecture.bad.cycle.one;

import io.millrace.architecture.bad.cycle.two.Second;

/** One half of a cycle between neighbours. */
public record First(Second second) {}
