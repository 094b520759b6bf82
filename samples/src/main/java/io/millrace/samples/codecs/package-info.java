/** Values instead of bytes: records, arrays and a type of one's own, from node to node. */
@NullMarked
package io.millrace.samples.codecs;

import org.jspecify.annotations.NullMarked;
