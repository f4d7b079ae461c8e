package io.zitipekko.actors.router.link;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which peers may not have links any more. It is said twice, by the data model and by a peer's removal (message 1050); whichever arrives
 * first counts. Belongs to the {@link LinkRegistry}, not thread-safe.
 */
final class PeerTrust {
    private static final int MAX_REMOVED = 10_000;

    private final RouterId self;
    private final Function<RouterId, Optional<RouterVerifier.Known>> known;
    /** A link that was verified before its router's removal may still arrive after it. */
    private final Set<RouterId> removed = new LinkedHashSet<>();

    PeerTrust(RouterId self, Function<RouterId, Optional<RouterVerifier.Known>> known) {
        this.self = self;
        this.known = known;
    }

    /** The peer was removed, or was found {@link #lostBy lost}. */
    void remove(RouterId peer) {
        if (removed.size() >= MAX_REMOVED) {
            removed.remove(removed.iterator().next());
        }
        removed.add(peer);
    }

    /** A controller says that it is connected: it was let in again. */
    void restore(RouterId peer) {
        removed.remove(peer);
    }

    /**
     * Whether a link that comes up now must be closed. A peer that the model does not have may be so new that the model is behind: its
     * link was verified by asking a controller.
     */
    boolean refuses(RouterId peer) {
        return removed.contains(peer)
                || known.apply(peer).filter(RouterVerifier.Known::disabled).isPresent();
    }

    /** Whether a change of the model takes the trust in a peer. A model that does not have this router says nothing about others. */
    boolean lostBy(RouterDataModel.Change change, RouterId peer) {
        return change.touches(peer)
                && known.apply(self).isPresent()
                && known.apply(peer).filter(k -> !k.disabled()).isEmpty();
    }
}
