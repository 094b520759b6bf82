package io.millrace.architecture.bad.cycle.two;

import io.millrace.architecture.bad.cycle.one.First;

/** The other half. */
public record Second(First first) {}
