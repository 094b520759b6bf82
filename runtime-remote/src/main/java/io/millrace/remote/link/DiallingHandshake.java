package io.millrace.remote.link;

import io.netty.channel.ChannelHandlerContext;

/** The greetings at the end that dials: says hello, hears one, confirms. */
// A write or a close that fails shows as the end of its channel.
@SuppressWarnings("FutureReturnValueIgnored")
final class DiallingHandshake extends Handshake {
    private final Purpose purpose;
    private final String target;
    private final Outcome outcome;

    /** @param target for people: what was dialled */
    DiallingHandshake(Identity identity, NetworkSettings settings, Purpose purpose, String target, Outcome outcome) {
        super(identity, settings);
        this.purpose = purpose;
        this.target = target;
        this.outcome = outcome;
    }

    @Override
    void onReady(ChannelHandlerContext ctx) {
        say(ctx, hello(purpose));
    }

    @Override
    void onGreeting(ChannelHandlerContext ctx, Greeting greeting) {
        if (greeting instanceof Greeting.Refused refused) {
            fail(ctx, "it refused: " + refused.reason());
        } else if (greeting instanceof Greeting.Hello hello && hello.purpose() == purpose) {
            Peer peer = check(ctx, hello);
            say(ctx, new Greeting.Confirmed());
            succeed(ctx, outcome, peer);
        } else {
            throw new Refusal("its greetings are out of order");
        }
    }

    @Override
    void onFailed(ChannelHandlerContext ctx, String reason) {
        outcome.onFailed("no connection to " + target + ": " + reason);
    }
}
