package io.millrace.local.dora;

/**
 * A time of the hybrid logical clock, and whose clock it was.
 *
 * @param ntp64 seconds since 1970 in the upper 32 bits, their fraction in the lower; see {@link io.millrace.layout.HybridClock}
 */
public record Timestamp(long ntp64, ClockId clock) {}
