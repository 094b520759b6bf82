package io.millrace.architecture.bad.cycle.below;

import io.millrace.architecture.bad.cycle.Above;

/** The other half. */
public record Below(Above above) {}
