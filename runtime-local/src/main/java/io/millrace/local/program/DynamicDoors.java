package io.millrace.local.program;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way to the one {@link DynamicDoor} of this process: the port is one for the machine, and which program belongs to which dataflow shows from what it asks for. It is
 * open while any dataflow here needs it. Any thread.
 *
 * <p>This is the only state that dataflows of one JVM share, for a port is state of the process, whether we have a word for it or not.
 */
final class DynamicDoors {
    private static final DynamicDoors OF_THIS_PROCESS = new DynamicDoors();

    private @Nullable DynamicDoor door; // guarded by this

    private DynamicDoors() {}

    /** What a dataflow keeps while its nodes can be asked for. */
    static final class Residence {
        private final String dataflow;
        private final Function<String, Optional<String>> configurations;

        private Residence(String dataflow, Function<String, Optional<String>> configurations) {
            this.dataflow = dataflow;
            this.configurations = configurations;
        }

        String dataflow() {
            return dataflow;
        }

        /** As JSON, which is the whole answer; empty if there is no such node. */
        Optional<String> configuration(String nodeId) {
            return configurations.apply(nodeId);
        }

        /** Its nodes are not asked for any more; the last one closes the port. Idempotent; does not block. */
        void end() {
            OF_THIS_PROCESS.leave(this);
        }
    }

    /**
     * From now on programs that ask for a node of this dataflow find it.
     *
     * @param configurations the configuration of a node, as JSON; empty if there is no such node. Called on another thread, and must not wait for who calls this
     * @throws ProgramException if the port is not to be had
     */
    static Residence enter(String dataflow, Function<String, Optional<String>> configurations) {
        Residence residence = new Residence(dataflow, configurations);
        OF_THIS_PROCESS.add(residence);
        return residence;
    }

    private synchronized void add(Residence residence) {
        DynamicDoor open = door;
        if (open == null) {
            open = DynamicDoor.open(residence.dataflow());
            door = open;
        }
        open.residents().add(residence);
    }

    private synchronized void leave(Residence residence) {
        DynamicDoor open = door;
        if (open != null
                && open.residents().remove(residence)
                && open.residents().isEmpty()) {
            door = null;
            open.close();
        }
    }
}
