package io.millrace.remote.executor;

import io.millrace.remote.link.LinkHub;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** That an edge has ended with its link, which is waited for. Used by the agenda's thread. */
final class LostLink {
    private final HostedPart owner;
    private final LinkHub hub;
    private boolean isLost;
    private @Nullable Runnable forget; // while the link is waited for

    LostLink(HostedPart owner, LinkHub hub) {
        this.owner = owner;
        this.hub = hub;
    }

    boolean isLost() {
        return isLost;
    }

    /**
     * It has ended, and it led there.
     *
     * @param again what is done once the link is up, unless {@link #forget} was called before
     */
    void await(@Nullable Target led, Consumer<Target.There> again) {
        forget();
        isLost = true;
        if (led instanceof Target.There there) {
            forget = hub.whenUp(
                    there.peer(),
                    () -> owner.agenda().execute(() -> {
                        if (isLost) {
                            again.accept(there);
                        }
                    }));
        }
    }

    /** It leads somewhere again, or nowhere. */
    void forget() {
        isLost = false;
        Runnable waiting = forget;
        forget = null;
        if (waiting != null) {
            waiting.run();
        }
    }
}
