@NullMarked
package io.millrace.samples.mixed;

import org.jspecify.annotations.NullMarked;
