package io.millrace.architecture.bad.sample;

import io.millrace.architecture.bad.api.ShowsInternals;
import io.millrace.architecture.bad.upper.Engine;

/** Uses what is exported, and what is not. */
public record ReachesInside(ShowsInternals.Nested exported, Engine internal) {}
