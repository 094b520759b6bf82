/** The working-directory rules applied to the graph and to the files of this machine. Not API: exported to the runtimes only. */
@NullMarked
package io.millrace.files;

import org.jspecify.annotations.NullMarked;
