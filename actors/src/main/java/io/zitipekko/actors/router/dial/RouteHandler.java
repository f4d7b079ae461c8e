package io.zitipekko.actors.router.dial;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.forwarder.Forward;
import io.zitipekko.actors.router.forwarder.Forwarder;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.RouteErrorCode;
import io.zitipekko.transport.control.RouteResult;
import io.zitipekko.transport.control.proto.Route;
import io.zitipekko.transport.control.proto.Unroute;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a controller's Route and Unroute (protocol/03 section 8.4): dials the terminator first if this router is the circuit's last,
 * then writes the forwarding tables. Called by the control connection on its thread; dials run elsewhere.
 */
public final class RouteHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RouteHandler.class);
    /** A route that does not say how long it may take, or says nonsense. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Forwarder forwarder;
    private final Map<String, EgressDialer> dialers = new HashMap<>();
    private final Semaphore dials;
    private final Clock clock;

    /** @param maxDials terminators dialled at once; a route beyond is refused, so that its controller need not time out */
    public RouteHandler(Forwarder forwarder, List<EgressDialer> dialers, int maxDials, Clock clock) {
        this.forwarder = forwarder;
        dialers.forEach(dialer -> this.dialers.put(dialer.binding(), dialer));
        this.dials = new Semaphore(maxDials);
        this.clock = clock;
    }

    /**
     * Sets a circuit up or reroutes it.
     *
     * @return the result to send back as the reply, always of type 1022; nothing when the message cannot be read
     */
    public CompletionStage<Optional<Message>> route(ControllerId controller, Message message) {
        Route route;
        CircuitId circuit;
        List<Forward> forwards;
        try {
            route = Route.parseFrom(message.body().toArrayUnsafe());
            circuit = new CircuitId(route.getCircuitId());
            forwards = forwards(route);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            LOG.warn("route from {} cannot be read: {}", controller, e.getMessage());
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return dialFirst(controller, circuit, route)
                .thenApply(peerData -> {
                    forwarder.route(circuit, controller, forwards, route.getTagsMap());
                    return RouteResult.success(circuit.value(), route.getAttempt(), peerData);
                })
                .exceptionally(failure -> {
                    RouteException refusal = refusal(failure);
                    LOG.info("circuit {} cannot be routed here: {}", circuit, refusal.getMessage());
                    return RouteResult.failure(
                            circuit.value(), route.getAttempt(), refusal.error(), refusal.getMessage());
                })
                .thenApply(result -> Optional.of(result.toMessage()));
    }

    /** Takes a circuit away; unreadable ones are ignored. */
    public void unroute(ControllerId controller, Message message) {
        try {
            Unroute unroute = Unroute.parseFrom(message.body().toArrayUnsafe());
            forwarder.unroute(new CircuitId(unroute.getCircuitId()), unroute.getNow());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            LOG.warn("unroute from {} cannot be read: {}", controller, e.getMessage());
        }
    }

    private CompletionStage<PeerData> dialFirst(ControllerId controller, CircuitId circuit, Route route) {
        if (!route.hasEgress()) {
            return CompletableFuture.completedFuture(PeerData.EMPTY);
        }
        Route.Egress egress = route.getEgress();
        if (egress.getAddress().isEmpty()) {
            return refused(RouteErrorCode.GENERIC, "route of circuit " + circuit + " has an egress without address");
        }
        XgressAddress address = new XgressAddress(egress.getAddress());
        if (forwarder.has(address)) {
            // A reroute of a circuit that ends here: dialled long ago.
            return CompletableFuture.completedFuture(PeerData.EMPTY);
        }
        EgressDialer dialer = dialers.get(egress.getBinding());
        if (dialer == null) {
            return refused(
                    RouteErrorCode.MISCONFIGURED_TERMINATOR,
                    "binding '" + egress.getBinding() + "' (expected: one of " + dialers.keySet() + ")");
        }
        if (!dials.tryAcquire()) {
            return refused(RouteErrorCode.RESOURCES_NOT_AVAILABLE, "too many terminators are being dialled here");
        }
        Map<Integer, byte[]> peerData = new HashMap<>();
        egress.getPeerDataMap().forEach((id, value) -> peerData.put(id, value.toByteArray()));
        try {
            return dialer.dial(new EgressDial(
                            circuit,
                            address,
                            egress.getDestination(),
                            PeerData.ofBytes(peerData),
                            controller,
                            route.getTagsMap(),
                            deadline(route.getTimeout())))
                    .whenComplete((done, failure) -> dials.release());
        } catch (RuntimeException e) {
            dials.release();
            return CompletableFuture.failedFuture(e);
        }
    }

    private Instant deadline(long nanosLeft) {
        Duration left = nanosLeft <= 0 || nanosLeft > LONGEST.toNanos() ? LONGEST : Duration.ofNanos(nanosLeft);
        return clock.instant().plus(left);
    }

    private static List<Forward> forwards(Route route) {
        List<Forward> forwards = new ArrayList<>(route.getForwardsCount());
        for (Route.Forward forward : route.getForwardsList()) {
            Forward.Kind kind =
                    switch (forward.getDstType()) {
                        case START -> Forward.Kind.START;
                        case END -> Forward.Kind.END;
                        case LINK -> Forward.Kind.LINK;
                        case UNRECOGNIZED ->
                            throw new IllegalArgumentException(
                                    "destination type " + forward.getDstTypeValue() + " (expected: 0 to 2)");
                    };
            forwards.add(new Forward(
                    new XgressAddress(forward.getSrcAddress()), new XgressAddress(forward.getDstAddress()), kind));
        }
        return forwards;
    }

    private static CompletionStage<PeerData> refused(RouteErrorCode code, String text) {
        return CompletableFuture.failedFuture(new RouteException(code, text));
    }

    private static RouteException refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RouteException refusal
                ? refusal
                : new RouteException(RouteErrorCode.GENERIC, String.valueOf(cause.getMessage()), cause);
    }
}
