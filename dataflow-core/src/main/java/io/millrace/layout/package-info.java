/**
 * The one layout of a message: the record in a ring, the body of a link's frame and of a recording. Not API: exported to the runtimes only.
 *
 * <p>Hot: everything but {@code ParameterCodec} runs per message.
 */
@NullMarked
package io.millrace.layout;

import org.jspecify.annotations.NullMarked;
