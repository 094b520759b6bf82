package io.millrace.architecture.bad.cycle;

import io.millrace.architecture.bad.cycle.below.Below;

/** One half of a cycle between a package and the one below it. */
public record Above(Below below) {}
