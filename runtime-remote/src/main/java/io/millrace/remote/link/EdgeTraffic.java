package io.millrace.remote.link;

/**
 * What a session of an edge has carried, at one end of a link.
 *
 * @param messages sent, or received and put into the consumer's ring
 * @param bytes of their records, with bodies
 * @param resent messages that were sent again after a connection was lost; 0 at the receiving end
 * @param dropped messages for whose body there was no room in the receiver's pool; 0 at the sending end
 * @param stalledNs for how long messages waited though the link was up, for credit of this edge; 0 at the receiving end
 */
public record EdgeTraffic(long messages, long bytes, long resent, long dropped, long stalledNs) {}
