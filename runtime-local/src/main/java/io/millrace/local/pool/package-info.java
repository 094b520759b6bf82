/**
 * Memory for payloads that are too large to travel inside an edge: slabs, counted and used again. Hot: everything here runs per message.
 */
@NullMarked
package io.millrace.local.pool;

import org.jspecify.annotations.NullMarked;
