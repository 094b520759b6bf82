package io.millrace.local.isolated;

import io.millrace.local.shared.SharedDirectory;
import io.millrace.node.NodeContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Memory that the JVM of a node is offered at its start, until it has found it or has not. Used by the node's thread. */
final class OfferedMemory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OfferedMemory.class);

    private final String nodeId;
    private final @Nullable SharedDirectory directory;
    private final @Nullable NodeMemory memory;

    private OfferedMemory(String nodeId, @Nullable SharedDirectory directory, @Nullable NodeMemory memory) {
        this.nodeId = nodeId;
        this.directory = directory;
        this.memory = memory;
    }

    /** Where there is none, or no room, it says so in the log, and offers nothing. */
    static OfferedMemory make(NodeContext context, UUID secret) {
        Optional<Path> wanted =
                NodeMemory.directory(context.env(), System.getenv()).map(Path::toAbsolutePath);
        @Nullable SharedDirectory made = null;
        if (wanted.isPresent()) {
            try {
                made = SharedDirectory.open(wanted.get(), UUID.randomUUID().toString());
                return new OfferedMemory(context.nodeId(), made, NodeMemory.create(made, secret));
            } catch (IOException e) {
                explain(context.nodeId(), wanted.get(), e);
                if (made != null) {
                    made.close();
                }
            }
        }
        return new OfferedMemory(context.nodeId(), null, null);
    }

    private static void explain(String nodeId, Path directory, IOException why) {
        String found = Files.isDirectory(directory)
                ? directory.toFile().getUsableSpace() + " bytes are free"
                : "is no directory";
        LOG.warn(
                "node '{}': its JVM is called over the loopback, for no memory can be shared with it: {} bytes are needed in '{}', where {} ({}). Make it larger, or give another one as {} in the node's env, or '{}' there",
                nodeId,
                NodeMemory.BYTES,
                directory,
                found,
                why.getMessage(),
                NodeMemory.VARIABLE,
                NodeMemory.OFF);
    }

    Invitation in(Invitation invitation) {
        return directory == null ? invitation : invitation.with(directory.path());
    }

    /** The node's JVM has said whether it uses it. */
    void settle(boolean isUsed, ChildLink calls) throws IOException {
        NodeMemory offered = memory;
        if (isUsed && offered == null) {
            throw new IOException("the node's JVM uses memory that it was not offered");
        }
        if (isUsed && offered != null) {
            calls.use(offered);
        } else if (offered != null) {
            LOG.warn("node '{}': its JVM is called over the loopback, for it does not see '{}'", nodeId, directory);
        }
    }

    /** Nobody else needs its name any more; who has it keeps it. */
    @Override
    public void close() {
        if (directory != null) {
            directory.close();
        }
    }
}
