package io.zitipekko.actors.fabric.control.request;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.event.AccessRefused;
import io.zitipekko.actors.event.AlertEvent;
import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.RouterStatus;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.actors.fabric.control.Routers;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.Results;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.Alert;
import io.zitipekko.transport.control.proto.Alerts;
import io.zitipekko.transport.control.proto.CtrlDetail;
import io.zitipekko.transport.control.proto.CtrlEndpoint;
import io.zitipekko.transport.control.proto.InspectRequest;
import io.zitipekko.transport.control.proto.InspectResponse;
import io.zitipekko.transport.control.proto.Listeners;
import io.zitipekko.transport.control.proto.RouterInterfacesUpdate;
import io.zitipekko.transport.control.proto.UpdateCtrlAddresses;
import io.zitipekko.transport.control.proto.VerifyRouter;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a router asks about itself and others: verification, interfaces, quiescence, decommission, alerts (protocol/03 section 7.2). */
public final class RouterRequests implements ControlRequests.Subject {
    private static final Logger LOG = LoggerFactory.getLogger(RouterRequests.class);
    private static final String CAPABILITY = "capability";

    private final FabricState state;
    private final ActorRef<Routers.Command> routers;

    public RouterRequests(FabricState state, ActorRef<Routers.Command> routers) {
        this.state = state;
        this.routers = routers;
    }

    @Override
    public void register(ControlRequests.Builder handlers) {
        handlers.on(ControlContentType.VERIFY_ROUTER, this::verifyRouter)
                .on(ControlContentType.INSPECT_REQUEST, this::inspect)
                .on(ControlContentType.UPDATE_ROUTER_INTERFACES, this::interfaces)
                .on(ControlContentType.QUIESCE_ROUTER, (router, message) -> quiesce(router, message, true))
                .on(ControlContentType.DEQUIESCE_ROUTER, (router, message) -> quiesce(router, message, false))
                .on(ControlContentType.DECOMMISSION_ROUTER, this::decommission)
                .on(ControlContentType.UPDATE_LINK_LISTENERS, this::linkListeners)
                .on(ControlContentType.REQUEST_CLUSTER_MEMBERS, (router, message) -> sendClusterMembers(state, router))
                .on(ControlContentType.ALERTS, this::alerts);
    }

    /**
     * Fingerprints are compared as text: upper-case hex is refused (protocol/03 section 9.4). Only one certificate was proved to whoever asks, so a
     * list of several is no question that could be answered.
     */
    private void verifyRouter(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        VerifyRouter request = VerifyRouter.parseFrom(message.bodyBytes());
        String id = request.getRouterId();
        Optional<EdgeRouter> named = id.isBlank() || id.length() > EntityId.MAX_LENGTH
                ? Optional.empty()
                : state.model().view().get(EdgeRouters.TYPE, new RouterId(id));
        boolean verified = named.filter(EdgeRouter::trusted)
                .map(EdgeRouter::fingerprint)
                .filter(f -> request.getFingerprintsCount() == 1
                        && request.getFingerprints(0).equals(f.hex()))
                .isPresent();
        Message answer = verified
                ? Results.success("")
                : Results.failure(
                        named.isPresent()
                                ? "could not verify fingerprint for router " + id
                                : "router with id " + id + " not found");
        router.reply(Lane.DEFAULT, message, answer);
    }

    private void inspect(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        InspectResponse.Builder answer = InspectResponse.newBuilder().setSuccess(true);
        if (InspectRequest.parseFrom(message.bodyBytes())
                .getRequestedValuesList()
                .contains(CAPABILITY)) {
            for (String value : List.of("ziti.fabric", "ziti.edge")) {
                answer.addValues(InspectResponse.InspectValue.newBuilder()
                        .setName(CAPABILITY)
                        .setValue(value));
            }
        }
        router.reply(Lane.DEFAULT, message, ControlContentType.INSPECT_RESPONSE, answer.build());
    }

    private void interfaces(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        List<RouterStatus.NetworkInterface> reported =
                RouterInterfacesUpdate.parseFrom(message.bodyBytes()).getInterfacesList().stream()
                        .map(i -> new RouterStatus.NetworkInterface(
                                i.getName(),
                                i.getHardwareAddress(),
                                i.getMtu(),
                                i.getIndex(),
                                i.getFlags(),
                                i.getAddressesList()))
                        .toList();
        router.update(s -> s.withInterfaces(reported));
        router.reply(Lane.DEFAULT, message, Results.success("success"));
    }

    private void quiesce(ConnectedRouter router, Message message, boolean on) {
        state.terminators().quiesce(router.id(), on);
        router.reply(Lane.DEFAULT, message, Results.success(on ? "router quiesced" : "router dequiesced"));
    }

    private void decommission(ConnectedRouter router, Message message) {
        Optional<EdgeRouter> self = state.model().view().get(EdgeRouters.TYPE, router.id());
        if (self.isEmpty()) {
            router.close("router " + router.id() + " does not exist any more");
            return;
        }
        state.model()
                .propose(new Proposal(
                        List.of(new Change.Delete(EdgeRouters.TYPE, router.id())),
                        new Proposal.Author(
                                "router", router.id().value(), self.get().name(), router.source("decommission"))))
                .whenComplete((commit, failure) -> {
                    if (failure == null) {
                        router.close("decommissioned");
                    } else {
                        router.reply(Lane.DEFAULT, message, Results.failure(String.valueOf(failure.getMessage())));
                    }
                });
    }

    private void linkListeners(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        List<RouterStatus.LinkListener> listeners = listeners(Listeners.parseFrom(message.bodyBytes()));
        router.update(s -> s.withLinkListeners(listeners));
        routers.tell(new Routers.ListenersChanged(router));
    }

    /** The wire form of link listeners, read. */
    public static List<RouterStatus.LinkListener> listeners(Listeners listeners) {
        return listeners.getListenersList().stream()
                .map(l -> new RouterStatus.LinkListener(
                        l.getAddress(), l.getProtocol(), l.getGroupsList(), l.getLocalBinding()))
                .toList();
    }

    /** Tells a router of a cluster which controllers there are (protocol/03 section 7.1); one that is not clustered tells nothing. */
    public static void sendClusterMembers(FabricState state, ConnectedRouter router) {
        var settings = state.settings();
        if (settings.clusterId().isEmpty()) {
            return;
        }
        String address = settings.control().advertise().toString();
        router.send(
                Lane.DEFAULT,
                ControlContentType.UPDATE_CTRL_ADDRESSES,
                UpdateCtrlAddresses.newBuilder()
                        .addAddresses(address)
                        .setIndex(Math.max(1, state.model().view().index()))
                        .setIsLeader(true)
                        .addControllers(CtrlDetail.newBuilder()
                                .setId(settings.nodeId())
                                .addEndpoints(CtrlEndpoint.newBuilder()
                                        .setAddress(address)
                                        .addGroups("default")))
                        .build());
    }

    private void refused(ConnectedRouter router, String what) {
        LOG.info("{}: {} is dropped", router, what);
        state.events()
                .publish(new AccessRefused(
                        state.now(),
                        AccessRefused.Door.CONTROL,
                        "router " + router.id(),
                        router.remoteAddress(),
                        what,
                        "a router speaks only for itself"));
    }

    private void alerts(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        String self = router.id().value();
        for (Alert alert : Alerts.parseFrom(message.bodyBytes()).getAlertsList()) {
            boolean ofRouter = alert.getSourceType().equals("self");
            if (alert.getSourceType().equals("router") && !alert.getSourceId().equals(self)) {
                refused(router, "an alert in the name of router '" + alert.getSourceId() + "'");
                continue;
            }
            Map<String, String> related = new HashMap<>();
            alert.getRelatedEntitiesMap()
                    .forEach((kind, id) ->
                            related.put(kind.equals("self") ? "router" : kind, kind.equals("self") ? self : id));
            state.events()
                    .publish(new AlertEvent(
                            Instant.ofEpochMilli(alert.getTimestamp()),
                            ofRouter ? "router" : alert.getSourceType(),
                            ofRouter ? self : alert.getSourceId(),
                            alert.getSeverity(),
                            alert.getMessage(),
                            alert.getDetailsList(),
                            related));
        }
    }
}
