/** The classes that nodes are made of, what they throw, and how they log. */
@NullMarked
package io.millrace.local.code;

import org.jspecify.annotations.NullMarked;
