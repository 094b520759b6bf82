/** The certificates of a member, as they stand in its files at any time; used by all that speaks TLS. */
@NullMarked
package io.millrace.remote.tls;

import org.jspecify.annotations.NullMarked;
