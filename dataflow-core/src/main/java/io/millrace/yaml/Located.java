package io.millrace.yaml;

import io.millrace.graph.Location;

/** A value and its place in the file; of an entry of a mapping, the place of its key. */
record Located<T>(T value, Location location) {}
