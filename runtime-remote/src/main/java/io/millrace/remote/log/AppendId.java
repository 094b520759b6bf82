package io.millrace.remote.log;

import java.util.UUID;

/**
 * Tells one append from all others, so that it can be repeated, also through another member, without being applied twice.
 *
 * @param origin who appends, unique for as long as that process lives
 * @param call the number of the append, never used again by this origin
 */
public record AppendId(UUID origin, long call) {}
