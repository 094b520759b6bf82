/** A cluster as an application sees it: dataflows are started on it, and their handles do what those of this JVM do. */
@NullMarked
package io.millrace.remote.client;

import org.jspecify.annotations.NullMarked;
