package io.millrace.local.isolated;

import io.millrace.local.nativecode.NativeOperator;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of Java classes that runs in JVMs of its own, one for each incarnation: makes what stands for its operators, or for itself, in this JVM. Its operators share
 * the JVM as they share the node's thread.
 */
public final class IsolatedNode {
    private final String nodeId;
    private final List<String> classNames;
    private final List<Path> classpath;
    private final boolean callsNativeCode;

    private volatile @Nullable Incarnation current;

    /**
     * @param classNames one for each operator, in order; {@link NativeOperator#reference} for a shared library
     * @param classpath the entries of the node's own, absolute
     */
    public IsolatedNode(String nodeId, List<String> classNames, List<Path> classpath) {
        this.nodeId = nodeId;
        this.classNames = List.copyOf(classNames);
        this.classpath = List.copyOf(classpath);
        this.callsNativeCode = classNames.stream()
                .anyMatch(name -> NativeOperator.referenced(name).isPresent());
    }

    /** For the next incarnation, on its thread: of all operators, in order. Does not block; {@code open} does, until the other JVM runs. */
    public Operator operator(int slot) {
        Incarnation mine = slot == 0 ? new Incarnation(Thread.currentThread()) : current;
        if (mine == null || mine.thread != Thread.currentThread()) {
            throw new IllegalStateException(
                    "node '" + nodeId + "' has been given another incarnation while it was opened");
        }
        current = mine;
        return new IsolatedOperator(mine, slot);
    }

    /** For the next incarnation. Does not block; {@code open} does, until the other JVM runs. */
    public Node loop() {
        return new IsolatedLoop(new Incarnation(Thread.currentThread()));
    }

    /** What the operators of one incarnation share. Used by one thread. */
    final class Incarnation {
        private final Thread thread;
        private @Nullable ChildJvm jvm;

        private Incarnation(Thread thread) {
            this.thread = thread;
        }

        /** Started by whoever is first. */
        ChildJvm jvm(NodeContext context) throws IOException, InterruptedException {
            if (jvm == null) {
                jvm = ChildJvm.start(context, callsNativeCode);
            }
            return jvm;
        }

        boolean open(int slot, NodeContext context, boolean isReactive) throws Exception {
            return jvm(context).open(slot, classNames.get(slot), classpath, context, isReactive);
        }

        /** The first operator is closed last, and with it the JVM. */
        void close(int slot) throws Exception {
            ChildJvm closing = jvm;
            if (closing == null) {
                return;
            }
            try {
                closing.close(slot);
            } finally {
                if (slot == 0) {
                    jvm = null;
                    closing.end();
                }
            }
        }
    }
}
