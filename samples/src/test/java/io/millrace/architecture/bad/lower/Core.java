package io.millrace.architecture.bad.lower;

import io.millrace.architecture.bad.upper.Engine;

/** Knows what stands above it. */
public record Core(Engine engine) {}
