/** What masters, executors and clients tell each other, as records; {@code RecordCodec} turns them into bytes and back. No input or output, no Netty. */
@NullMarked
package io.millrace.remote.wire;

import org.jspecify.annotations.NullMarked;
