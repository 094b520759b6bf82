/**
 * Values as JSON, by Jackson. Optional: needs {@code jackson-databind}, whose types are seen here and nowhere else; without it nothing of this package may be
 * used, and nothing else is missing.
 */
@NullMarked
package io.millrace.local.json;

import org.jspecify.annotations.NullMarked;
