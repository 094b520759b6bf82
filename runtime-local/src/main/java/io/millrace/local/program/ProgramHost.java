package io.millrace.local.program;

import io.millrace.local.dora.ClockId;
import io.millrace.local.dora.FrameReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the programs of one running dataflow have in common: its id, its clock's id, a file, and the port where those ask for their node that are started by hand. Any thread. */
public final class ProgramHost {
    private static final Logger LOG = LoggerFactory.getLogger(ProgramHost.class);

    /** What fits into a frame of the protocol beside a message's parameters and names. */
    static final int MAX_PAYLOAD_BYTES = FrameReader.MAX_BODY_BYTES - 256 * 1024;

    /** Payloads from here on are to be put into shared memory by a node, from where they would only be copied again: never. */
    private static final String ZERO_COPY_THRESHOLD_BYTES = Integer.toString(1 << 30);

    private static final String SHM_POOL_BYTES = Integer.toString(64 * 1024);

    /** Every node of dora opens a zenoh session, over which ours send nothing: it is to listen nowhere, to look for nobody, and to be found by nobody. */
    private static final String QUIET_ZENOH =
            "{\"mode\":\"peer\",\"listen\":{\"endpoints\":[]},\"connect\":{\"endpoints\":[]},"
                    + "\"scouting\":{\"multicast\":{\"enabled\":false}},"
                    + "\"transport\":{\"shared_memory\":{\"enabled\":false}}}\n";

    private final String dataflowName;
    private @Nullable UUID dataflow; // guarded by this; as the next one made for the first program
    private @Nullable ClockId clock; // guarded by this
    private final Map<String, String> configurations = new ConcurrentHashMap<>(); // of nodes started by hand
    private final Map<String, ProgramPulse> pulses = new ConcurrentHashMap<>(); // by node
    private @Nullable Path directory; // guarded by this
    private DynamicDoors.@Nullable Residence residence; // guarded by this
    private boolean isClosed; // guarded by this

    public ProgramHost(String dataflowName) {
        this.dataflowName = dataflowName;
    }

    synchronized UUID dataflow() {
        if (dataflow == null) {
            dataflow = UUID.randomUUID();
        }
        return dataflow;
    }

    synchronized ClockId clock() {
        if (clock == null) {
            clock = ClockId.random();
        }
        return clock;
    }

    /** By which others see whether the program of that node still does anything. */
    ProgramPulse pulse(String nodeId) {
        return pulses.computeIfAbsent(nodeId, node -> new ProgramPulse());
    }

    public boolean isAnyPulseShown() {
        return pulses.values().stream().anyMatch(ProgramPulse::isShown);
    }

    /** As {@link ProgramPulse#look}; BUSY for what is no program, or has not run yet. */
    public long lookAtPulse(String nodeId) {
        ProgramPulse pulse = pulses.get(nodeId);
        return pulse == null ? ProgramPulse.BUSY : pulse.look();
    }

    /** What every program finds in its environment, beside its own configuration. Blocks on the file system. */
    Map<String, String> environment() {
        return Map.of(
                "ZENOH_CONFIG",
                zenohFile().toString(),
                "DORA_ZERO_COPY_THRESHOLD",
                ZERO_COPY_THRESHOLD_BYTES,
                "DORA_NODE_SHM_POOL_SIZE",
                SHM_POOL_BYTES);
    }

    private synchronized Path zenohFile() {
        try {
            Path made = directory;
            if (made == null || !Files.exists(zenohFile(made))) { // what is old in there is cleaned up by some systems
                made = Files.createTempDirectory("millrace-");
                directory = made;
                Files.writeString(zenohFile(made), QUIET_ZENOH);
            }
            return zenohFile(made);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "dataflow '" + dataflowName + "': no file can be written for its programs in '"
                            + System.getProperty("java.io.tmpdir") + "'",
                    e);
        }
    }

    private static Path zenohFile(Path directory) {
        return directory.resolve("zenoh.json5");
    }

    /** From now on a program that is started by hand and asks for this node learns where to connect. Opens the port for such, the first time. */
    synchronized void await(String nodeId, String configuration) {
        configurations.put(nodeId, configuration);
        if (residence == null && !isClosed) {
            residence = DynamicDoors.enter(dataflowName, this::configuration);
        }
    }

    /** Without the lock: who asks must not wait for one who closes the port. */
    private Optional<String> configuration(String nodeId) {
        return Optional.ofNullable(configurations.get(nodeId));
    }

    /** The node has ended: it is not to be asked for any more. */
    void forget(String nodeId) {
        configurations.remove(nodeId);
    }

    /** The dataflow has ended. Idempotent; blocks on the file system. */
    public synchronized void close() {
        isClosed = true;
        if (residence != null) {
            residence.end();
            residence = null;
        }
        Path made = directory;
        if (made != null) {
            directory = null;
            try {
                Files.deleteIfExists(zenohFile(made));
                Files.deleteIfExists(made);
            } catch (IOException e) {
                LOG.warn("dataflow '{}': temporary directory '{}' could not be taken away", dataflowName, made, e);
            }
        }
    }
}
