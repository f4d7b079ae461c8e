package io.zitipekko.actors.fabric;

import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The live fabric as the APIs see it: who is connected, which links, circuits and terminators there are. Reads take no lock and ask no
 * actor; each answer is a snapshot. Commands are carried out by the owning actors.
 */
public interface FabricDirectory {
    /** The router, if it holds a control channel here now. */
    Optional<RouterStatus> router(RouterId id);

    /** Every router that is connected here, in id order. */
    List<RouterStatus> routers();

    Optional<LinkStatus> link(LinkId id);

    /** Every link, in id order. */
    List<LinkStatus> links();

    Optional<CircuitStatus> circuit(CircuitId id);

    /** Every circuit that this controller owns, in id order. */
    List<CircuitStatus> circuits();

    Optional<TerminatorStatus> terminator(TerminatorId id);

    /** Configured and soft terminators, in id order. */
    List<TerminatorStatus> terminators();

    /** Configured and soft terminators of one service, in id order. */
    List<TerminatorStatus> terminators(ServiceId service);

    /** Configured and soft terminators of one router, in id order. */
    List<TerminatorStatus> terminators(RouterId router);

    /** Whether an SDK of that identity holds a connection to some router (routers' connect events). */
    boolean isConnected(IdentityId identity);

    /** Whether any SDK of that identity hosts something. */
    boolean hostsAnything(IdentityId identity);

    /**
     * Removes a circuit.
     *
     * @param immediate without letting buffered data drain
     * @return false when there is no such circuit
     */
    CompletionStage<Boolean> removeCircuit(CircuitId id, boolean immediate);

    /**
     * Overrides a link's static cost or takes it out of use (null leaves as is) and reroutes what ran over it. Lost with the link.
     *
     * @return false when there is no such link
     */
    CompletionStage<Boolean> updateLink(LinkId id, @Nullable Integer staticCost, @Nullable Boolean down);

    /** Drops the link: its routers close it. Completes with false when there is no such link. */
    CompletionStage<Boolean> removeLink(LinkId id);

    /**
     * Changes a soft terminator (null leaves as is); for configured ones write to the model.
     *
     * @return false when there is no such soft terminator
     */
    boolean updateSoftTerminator(TerminatorId id, @Nullable Integer cost, @Nullable Precedence precedence);

    /** Removes a soft terminator. @return false when there is no such soft terminator */
    boolean removeSoftTerminator(TerminatorId id);

    /**
     * Asks a connected router for values by name (protocol/03 section 7.2); values are mostly JSON text. Fails when the router is not connected or
     * does not answer in time.
     */
    CompletionStage<Inspection> inspect(RouterId router, Collection<String> names, Duration timeout);

    /**
     * @param success whether the router could answer all it knows
     * @param errors what went wrong
     * @param values name to value; unknown names are absent
     */
    record Inspection(boolean success, List<String> errors, Map<String, String> values) {}
}
