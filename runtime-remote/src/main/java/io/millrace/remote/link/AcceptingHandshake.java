package io.millrace.remote.link;

import io.netty.channel.ChannelHandlerContext;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The greetings at the end that was dialled: hears a hello, answers with its own, hears the confirmation. */
// A write or a close that fails shows as the end of its channel.
@SuppressWarnings("FutureReturnValueIgnored")
final class AcceptingHandshake extends Handshake {
    private final Function<Purpose, @Nullable Outcome> outcomes;
    private final Refusals refusals;
    private Greeting.@Nullable Hello heard;
    private @Nullable Peer peer;

    /** @param outcomes null for a purpose that is not wanted here */
    AcceptingHandshake(
            Identity identity,
            NetworkSettings settings,
            Function<Purpose, @Nullable Outcome> outcomes,
            Refusals refusals) {
        super(identity, settings);
        this.outcomes = outcomes;
        this.refusals = refusals;
    }

    @Override
    void onReady(ChannelHandlerContext ctx) {
        // The one who dialled speaks first: a stranger learns nothing.
    }

    @Override
    void onGreeting(ChannelHandlerContext ctx, Greeting greeting) {
        if (greeting instanceof Greeting.Refused refused) {
            fail(ctx, "it refused: " + refused.reason());
        } else if (heard == null && greeting instanceof Greeting.Hello hello) {
            onHello(ctx, hello);
        } else if (heard != null && peer != null && greeting instanceof Greeting.Confirmed) {
            onConfirmed(ctx, heard.purpose(), peer);
        } else {
            throw new Refusal("its greetings are out of order");
        }
    }

    private void onHello(ChannelHandlerContext ctx, Greeting.Hello hello) {
        peer = check(ctx, hello);
        if (outcomes.apply(hello.purpose()) == null) {
            throw new Refusal(
                    identity.words() + " takes no " + hello.purpose().text() + " connections at this address");
        }
        heard = hello;
        say(ctx, hello(hello.purpose()));
    }

    private void onConfirmed(ChannelHandlerContext ctx, Purpose purpose, Peer peer) {
        Outcome outcome = outcomes.apply(purpose);
        if (outcome == null) {
            fail(ctx, "no longer wanted here");
        } else {
            succeed(ctx, outcome, peer);
        }
    }

    @Override
    void onFailed(ChannelHandlerContext ctx, String reason) {
        refusals.log(ctx.channel().remoteAddress(), reason, isNews());
    }
}
