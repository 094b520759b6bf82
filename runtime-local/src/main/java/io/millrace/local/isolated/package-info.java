/**
 * A node of Java classes in a JVM of its own: {@code isolation: process}.
 *
 * <p>In the JVM of the dataflow stands an {@code IsolatedOperator} or {@code IsolatedLoop}, which is an operator or node like any other; it has each callback run by
 * the other JVM, and does there with the node's context what the code in the other JVM asks for. So edges, policies, events and their order are those of every node.
 * The other JVM begins in {@code IsolatedMain}.
 *
 * <p>The two speak the protocol of dora 1.x: its frames, its Register, and beyond that its extension messages, in the namespace {@code millrace}.
 */
@NullMarked
package io.millrace.local.isolated;

import org.jspecify.annotations.NullMarked;
