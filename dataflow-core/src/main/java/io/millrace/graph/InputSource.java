package io.millrace.graph;

import java.time.Duration;

/** Where an input's messages come from. */
public sealed interface InputSource {

    /**
     * Reads a source as it is written in a dataflow file.
     *
     * @return for another node's output a reference as written, which {@link GraphAssembler} resolves
     * @throws IllegalArgumentException saying what was found and expected
     */
    static InputSource parse(String text) {
        return InputSources.parse(text);
    }

    /** As written in a dataflow file. */
    @Override
    String toString();

    /**
     * Another node's output; in a graph always in this canonical form, in a {@link GraphDraft} as written.
     *
     * @param node the producing node's id
     * @param operator the producing operator's id, empty for a node that is not made of operators
     * @param output the output's id, which may contain {@code /}
     */
    record OutputRef(String node, String operator, String output) implements InputSource, Comparable<OutputRef> {
        /** {@code node/output}, or {@code node/operator/output}. */
        @Override
        public String toString() {
            return operator.isEmpty() ? node + "/" + output : node + "/" + operator + "/" + output;
        }

        // What a record is given instead is put together at run time, which takes longer than all else that a small
        // dataflow's check does.

        @Override
        public boolean equals(Object other) {
            return other instanceof OutputRef that
                    && node.equals(that.node)
                    && operator.equals(that.operator)
                    && output.equals(that.output);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * node.hashCode() + operator.hashCode()) + output.hashCode();
        }

        @Override
        public int compareTo(OutputRef other) {
            return toString().compareTo(other.toString());
        }
    }

    /**
     * A tick at a fixed interval, made by the consuming node's own loop.
     *
     * @param interval positive
     * @param text as written, such as {@code dora/timer/millis/100}
     */
    record Timer(Duration interval, String text) implements InputSource {
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Log records of the dataflow's nodes.
     *
     * @param level the lowest level wanted, empty for all
     * @param node the node whose records are wanted, empty for all
     */
    record Logs(String level, String node) implements InputSource {
        @Override
        public String toString() {
            return "dora/logs" + (level.isEmpty() ? "" : "/" + level) + (node.isEmpty() ? "" : "/" + node);
        }
    }

    /** Fed by the embedding application under this name. */
    record Application(String name) implements InputSource {
        @Override
        public String toString() {
            return "millrace/app/" + name;
        }
    }
}
