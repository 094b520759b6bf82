/** The classes that nodes are made of, and what they throw. */
@NullMarked
package io.millrace.local.code;

import org.jspecify.annotations.NullMarked;
