package io.zitipekko.actors.fabric.control.request;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.fabric.circuit.CircuitActor;
import io.zitipekko.actors.fabric.circuit.Circuits;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.actors.fabric.link.Links;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.RouteResult;
import io.zitipekko.transport.control.proto.CircuitConfirmation;
import io.zitipekko.transport.control.proto.Fault;
import io.zitipekko.transport.control.proto.FaultSubject;
import io.zitipekko.transport.control.proto.Unroute;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** Requests for circuits, and what routers report of circuits and links that fail (protocol/03 sections 8.4 and 8.6). */
public final class CircuitReports implements ControlRequests.Subject {
    /** Attempt number of reroutes; a late answer to one is no reason to clean up. */
    private static final int REROUTE_ATTEMPT = 99969996;

    private final FabricState state;
    private final ActorRef<Circuits.Command> circuits;
    private final ActorRef<Links.Command> links;

    public CircuitReports(FabricState state, ActorRef<Circuits.Command> circuits, ActorRef<Links.Command> links) {
        this.state = state;
        this.circuits = circuits;
        this.links = links;
    }

    @Override
    public void register(ControlRequests.Builder handlers) {
        handlers.on(ControlContentType.CIRCUIT_REQUEST, this::dial)
                .on(ControlContentType.CREATE_CIRCUIT_REQUEST, this::dial)
                .on(ControlContentType.CREATE_CIRCUIT_V2_REQUEST, this::dial)
                .on(ControlContentType.CREATE_CIRCUIT_V3_REQUEST, this::dial)
                .on(ControlContentType.CREATE_TUNNEL_CIRCUIT_V2_REQUEST, this::dial)
                .on(ControlContentType.ROUTE_RESULT, this::routed)
                .on(ControlContentType.FAULT, this::fault)
                .on(ControlContentType.CIRCUIT_CONFIRMATION, this::confirmation);
    }

    private void dial(ConnectedRouter router, Message message) {
        circuits.tell(new Circuits.Dial(router, message));
    }

    private void routed(ConnectedRouter router, Message message) {
        RouteResult result = RouteResult.from(message);
        CircuitId id = new CircuitId(result.circuitId());
        Optional<ActorRef<CircuitActor.Command>> owner = state.circuits().owner(id);
        if (owner.isPresent()) {
            owner.get().tell(new CircuitActor.Routed(router.id(), result));
        } else if (result.attempt() != REROUTE_ATTEMPT) {
            unroute(router, id, true);
        }
    }

    private static void unroute(ConnectedRouter router, CircuitId id, boolean now) {
        router.send(
                Lane.HIGH,
                ControlContentType.UNROUTE,
                Unroute.newBuilder().setCircuitId(id.value()).setNow(now).build());
    }

    private void fault(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        Fault fault = Fault.parseFrom(message.bodyBytes());
        switch (fault.getSubject()) {
            case INGRESS_FAULT, EGRESS_FAULT ->
                state.circuits()
                        .owner(new CircuitId(fault.getId()))
                        .ifPresentOrElse(
                                c -> c.tell(new CircuitActor.EndClosed(router.id())),
                                () -> unroute(router, new CircuitId(fault.getId()), false));
            case FORWARD_FAULT, UNKNOWN_OWNER_FORWARD_FAULT -> forwardFaults(router, fault);
            case LINK_FAULT, LINK_DUPLICATE ->
                links.tell(new Links.Faulted(
                        router.id(),
                        new LinkId(fault.getId()),
                        fault.getIteration(),
                        fault.getSubject() == FaultSubject.LINK_DUPLICATE));
            case UNRECOGNIZED -> throw new InvalidProtocolBufferException("fault of an unknown subject");
        }
    }

    private void forwardFaults(ConnectedRouter router, Fault fault) {
        boolean ours = fault.getSubject() == FaultSubject.FORWARD_FAULT;
        for (String id : fault.getId().split(" ")) {
            if (id.isEmpty()) {
                continue;
            }
            CircuitId circuit = new CircuitId(id);
            Optional<ActorRef<CircuitActor.Command>> owner = state.circuits().owner(circuit);
            if (owner.isPresent()) {
                owner.get().tell(new CircuitActor.ForwardFault(router.id()));
            } else if (ours) {
                unroute(router, circuit, true);
            }
        }
    }

    private void confirmation(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        CircuitConfirmation confirmation = CircuitConfirmation.parseFrom(message.bodyBytes());
        for (String id : confirmation.getCircuitIdsList()) {
            CircuitId circuit = new CircuitId(id);
            long idle = Math.max(0, confirmation.getIdleTimesMap().getOrDefault(id, 0L));
            state.circuits()
                    .owner(circuit)
                    .ifPresentOrElse(
                            c -> c.tell(new CircuitActor.Idle(router.id(), Duration.ofNanos(idle))),
                            () -> unroute(router, circuit, true));
        }
    }
}
