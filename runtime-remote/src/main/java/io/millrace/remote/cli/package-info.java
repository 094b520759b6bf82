/**
 * The command line: {@code millrace run}, {@code check}, {@code graph}.
 *
 * <p>A program of its own, not a library: here, and nowhere else, text is printed and the process ends with an exit code.
 */
@NullMarked
package io.millrace.remote.cli;

import org.jspecify.annotations.NullMarked;
