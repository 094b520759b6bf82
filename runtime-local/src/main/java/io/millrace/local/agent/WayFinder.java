package io.millrace.local.agent;

import io.millrace.layout.RecordLayout;
import io.millrace.local.agent.OutputClaim.Way;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.pool.Slab;
import io.millrace.node.Output;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the way in which a message of an output goes, and opens its claim there: looks from all sides at who the consumers are, whether they have room, and how long the message is. What it
 * finds the claim remembers, so most messages do without. Used by the output's owner only.
 */
final class WayFinder {
    private static final Logger LOG = LoggerFactory.getLogger(WayFinder.class);

    private final String outputName;
    private final PortOwner owner;
    private final Outlet outlet;
    private final OutputClaim claim;
    private final boolean isDebugging;
    private int maxPayloadBytes = Output.MAX_PAYLOAD_BYTES;
    private String whyNoLarger = "the most that a message may have";
    private @Nullable Throwable claimSite; // in debug mode, of the open claim

    WayFinder(String outputName, PortOwner owner, Outlet outlet, OutputClaim claim, boolean isDebugging) {
        this.outputName = outputName;
        this.owner = owner;
        this.outlet = outlet;
        this.claim = claim;
        this.isDebugging = isDebugging;
    }

    /** Before the start: a consumer takes no larger payloads. */
    void limitTo(int bytes, String why) {
        if (bytes < maxPayloadBytes) {
            claim.forgetWays();
            maxPayloadBytes = bytes;
            whyNoLarger = why;
        }
    }

    /** Throws where no claim of this length can be opened, and never will be. */
    void check(int length, int parametersLength) {
        checkLength(length);
        int bodyLength = RecordLayout.bodyLength(parametersLength, length);
        if (!outlet.canEverHold(bodyLength)) {
            throw new IllegalArgumentException("output '" + outputName + "': a payload of " + bodyLength
                    + " bytes, with its parameters, is larger than the node's payload_budget of "
                    + outlet.budgetBytes()
                    + " bytes: raise payload_budget, or send less at a time");
        }
    }

    /** As {@link #check}, for a message that has its memory already. */
    void checkLength(int length) {
        if (claim.isOpen()) {
            throw new IllegalStateException(
                    "output '" + outputName + "' has a claim that was neither committed nor aborted", claimSite);
        }
        if (length < 0 || length > maxPayloadBytes) {
            throw new IllegalArgumentException("output '" + outputName + "': a payload of " + length
                    + " bytes is not within 0 to " + maxPayloadBytes + ", " + whyNoLarger);
        }
    }

    /** Opens the claim in the ring of the only consumer; false if that is not possible, or not now. The way of most messages. */
    boolean openInRing(int length, byte[] parameters) {
        EdgeWriter edge = outlet.consumers().onlyEdge();
        int bodyLength = RecordLayout.bodyLength(parameters.length, length);
        if (edge == null || !outlet.isInline(bodyLength) || outlet.isOverflowing()) {
            return false;
        }
        if (!claim.inRing(edge, parameters, length)) {
            return false;
        }
        if (isDebugging) {
            rememberClaimSite();
            return true;
        }
        @Nullable NodeSending from = owner.sending();
        if (from != null) {
            claim.learnRing(
                    from, edge, Math.min(maxPayloadBytes, outlet.consumers().inlineLimit()));
        }
        return true;
    }

    /** Opens the claim for operators of the same node that are the only consumers; false if that is not possible, or not now. The way between operators. */
    private boolean openForCalls(int length, byte[] parameters) {
        if (!outlet.consumers().areCalledOnly()
                || RecordLayout.bodyLength(parameters.length, length) > Consumers.MAX_INLINE_BODY
                || outlet.isOverflowing()
                || outlet.isClosed()) {
            return false;
        }
        openInMemory(null, length, parameters, Way.CALLS);
        @Nullable NodeSending from = isDebugging ? null : owner.calling();
        if (from != null) {
            claim.learnCalls(
                    from, outlet.consumers().onlyCallee(), Math.min(maxPayloadBytes, Consumers.MAX_INLINE_BODY));
        }
        return true;
    }

    /** Opens the claim, in the ring or not; false if some consumer has no room, or there is no memory. */
    boolean open(int length, byte[] parameters) {
        if (openInRing(length, parameters) || openForCalls(length, parameters)) {
            return true;
        }
        return outlet.hasRoom() && openWithinBudget(length, parameters, Way.MEMORY);
    }

    /** Opens the claim for those consumers that have room at its commit; false if there is no memory. */
    boolean openForSome(int length, byte[] parameters) {
        return openWithinBudget(length, parameters, Way.SOME);
    }

    private boolean openWithinBudget(int length, byte[] parameters, Way way) {
        int bodyLength = RecordLayout.bodyLength(parameters.length, length);
        boolean isInline = outlet.isInline(bodyLength);
        @Nullable Slab body = isInline ? null : outlet.claimSlab(bodyLength);
        if (body == null && !isInline) {
            return false;
        }
        openInMemory(body, length, parameters, way);
        return true;
    }

    /** Opens the claim where there is no room, if need be in memory beyond the budget. */
    void openAnyway(int length, byte[] parameters, Way way) {
        int bodyLength = RecordLayout.bodyLength(parameters.length, length);
        @Nullable Slab body = outlet.isInline(bodyLength) ? null : outlet.claimSlabAnyway(bodyLength);
        openInMemory(body, length, parameters, way);
    }

    private void openInMemory(@Nullable Slab body, int length, byte[] parameters, Way way) {
        claim.inMemory(body, parameters, length, way);
        if (isDebugging) {
            rememberClaimSite();
        }
    }

    private void rememberClaimSite() {
        claimSite = new Throwable("it was claimed here");
    }

    /** The node has ended. */
    void warnOfOpenClaim() {
        if (claim.isOpen() && claimSite != null) {
            LOG.warn(
                    "output '{}': a claim was neither committed nor aborted before its node ended",
                    outputName,
                    claimSite);
        }
    }
}
