/** Clusters over hosts that are network namespaces with file systems of their own: what is on another host is not there. */
@NullMarked
package io.millrace.remote.topology;

import org.jspecify.annotations.NullMarked;
