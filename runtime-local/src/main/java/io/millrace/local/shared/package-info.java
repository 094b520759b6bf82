/** Files in memory that processes of one host share: whose they are, and that none is left behind. */
@NullMarked
package io.millrace.local.shared;

import org.jspecify.annotations.NullMarked;
