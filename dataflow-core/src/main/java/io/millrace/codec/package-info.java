/**
 * Codecs: values as payloads, and payloads as values. {@link io.millrace.codec.Codecs} has them all, but for those that need a library of their own.
 *
 * <p>Hot: what writes, reads and views. Making a codec of a record is not.
 */
@NullMarked
package io.millrace.codec;

import org.jspecify.annotations.NullMarked;
