package io.millrace.local.code;

/** Stands for what was thrown in another process: its {@code toString} is that of the original. */
public interface ThrownElsewhere {}
