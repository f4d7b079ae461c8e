package io.zitipekko.actors.fabric.control;

import io.zitipekko.actors.event.RouterEvent;
import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.RouterStatus;
import io.zitipekko.actors.fabric.apisession.ApiSessionPublisher;
import io.zitipekko.actors.fabric.apisession.IdentityConnections;
import io.zitipekko.actors.fabric.circuit.Circuits;
import io.zitipekko.actors.fabric.control.request.ControlRequests;
import io.zitipekko.actors.fabric.datamodel.DataModelPublisher;
import io.zitipekko.actors.fabric.link.Links;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Terminators;
import io.zitipekko.actors.policy.LostRights;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.Listener;
import io.zitipekko.transport.control.proto.PeerState;
import io.zitipekko.transport.control.proto.PeerStateChange;
import io.zitipekko.transport.control.proto.PeerStateChanges;
import io.zitipekko.transport.control.proto.ValidateTerminatorsV2Response;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorResult;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Response;
import io.zitipekko.transport.control.proto.edge.DataState;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.RetryHint;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parent of all {@link RouterActor}s and keeper of presence: who came and went is told to everybody in the order in which it happened here. Cuts off
 * routers that were disabled, deleted or must enroll again. Resumed when it fails; a router's actor that fails stops and closes its channel.
 */
public final class Routers extends AbstractBehavior<Routers.Command> {
    static final Logger LOG = LoggerFactory.getLogger(Routers.class);

    /** What this actor takes. */
    public sealed interface Command {}

    /** A router's control channel opened. */
    record Opened(ConnectedRouter router, Channel channel, RouterChannelHandler handler) implements Command {}

    /** A router's control channel closed. */
    record Closed(ConnectedRouter router, String reason) implements Command {}

    /** A router listens for links elsewhere now. */
    public record ListenersChanged(ConnectedRouter router) implements Command {}

    /** A terminator was made that ends at the router. */
    public record TerminatorCreated(ConnectedRouter router, TerminatorId id) implements Command {}

    /** The router's answer to a validation of its terminators. */
    public record TerminatorsValidated(ConnectedRouter router, ValidateTerminatorsV2Response response)
            implements Command {}

    /** The model changed. */
    public record Committed(Model.Commit commit) implements Command {}

    private final FabricState state;
    private final ControlRequests requests;
    private final ActorRef<Links.Command> links;
    private final ActorRef<Circuits.Command> circuits;
    private final ActorRef<ApiSessionPublisher.Command> apiSessions;
    private final ActorRef<DataModelPublisher.Command> dataModel;
    private final IdentityConnections connections;
    private final Map<ConnectedRouter, ActorRef<RouterActor.Command>> actors = new HashMap<>();

    /** @param requests made from this actor's own reference */
    public static Behavior<Command> create(
            FabricState state,
            Function<ActorRef<Command>, ControlRequests> requests,
            ActorRef<Links.Command> links,
            ActorRef<Circuits.Command> circuits,
            ActorRef<ApiSessionPublisher.Command> apiSessions,
            ActorRef<DataModelPublisher.Command> dataModel,
            IdentityConnections connections) {
        Behavior<Command> behavior = Behaviors.setup(context -> new Routers(
                context,
                state,
                requests.apply(context.getSelf()),
                links,
                circuits,
                apiSessions,
                dataModel,
                connections));
        return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.resume());
    }

    private Routers(
            ActorContext<Command> context,
            FabricState state,
            ControlRequests requests,
            ActorRef<Links.Command> links,
            ActorRef<Circuits.Command> circuits,
            ActorRef<ApiSessionPublisher.Command> apiSessions,
            ActorRef<DataModelPublisher.Command> dataModel,
            IdentityConnections connections) {
        super(context);
        this.state = state;
        this.requests = requests;
        this.links = links;
        this.circuits = circuits;
        this.apiSessions = apiSessions;
        this.dataModel = dataModel;
        this.connections = connections;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Opened.class, this::opened)
                .onMessage(Closed.class, this::closed)
                .onMessage(ListenersChanged.class, changed -> {
                    tellOthers(changed.router().id(), healthy(changed.router()));
                    return this;
                })
                .onMessage(
                        TerminatorCreated.class,
                        created -> toActor(created.router(), new RouterActor.TerminatorCreated(created.id())))
                .onMessage(
                        TerminatorsValidated.class,
                        validated ->
                                toActor(validated.router(), new RouterActor.TerminatorsValidated(validated.response())))
                .onMessage(Committed.class, this::committed)
                .build();
    }

    private Behavior<Command> toActor(ConnectedRouter router, RouterActor.Command command) {
        ActorRef<RouterActor.Command> actor = actors.get(router);
        if (actor != null) {
            actor.tell(command);
        }
        return this;
    }

    private Behavior<Command> opened(Opened opened) {
        ConnectedRouter router = opened.router();
        ActorRef<RouterActor.Command> actor = getContext().spawnAnonymous(RouterActor.create(state, router, requests));
        actors.put(router, actor);
        opened.handler().attach(actor);
        opened.channel().resumeReading();
        LOG.info(
                "{} connected from {}, version {}",
                router,
                router.status().remote(),
                router.status().version());
        state.events().publish(event("router-online", router, "connected"));
        PeerStateChanges.Builder others = PeerStateChanges.newBuilder();
        for (ConnectedRouter other : state.routers().all()) {
            if (other != router && !other.isClosed()) {
                others.addChanges(healthy(other));
            }
        }
        if (others.getChangesCount() > 0) {
            router.send(Lane.DEFAULT, ControlContentType.PEER_STATE_CHANGES, others.build());
        }
        tellOthers(router.id(), healthy(router));
        circuits.tell(new Circuits.RouterConnected(router));
        if (!state.trusts(router.id())) {
            // It lost its right between its hello and now.
            router.close("router " + router.id() + " is not enrolled, disabled or deleted");
        }
        return this;
    }

    private Behavior<Command> closed(Closed closed) {
        ConnectedRouter router = closed.router();
        actors.remove(router);
        apiSessions.tell(new ApiSessionPublisher.Disconnected(router));
        dataModel.tell(new DataModelPublisher.Disconnected(router));
        LOG.info("{} disconnected: {}", router, closed.reason());
        state.events().publish(event("router-offline", router, closed.reason()));
        if (state.routers().get(router.id()).isPresent()) {
            // It is back already, and was announced as healthy.
            return this;
        }
        connections.routerGone(router.id());
        if (state.trusts(router.id())) {
            // The links themselves may well live on.
            links.tell(new Links.Disconnected(router.id()));
            tellOthers(router.id(), gone(router.id(), PeerState.UNHEALTHY));
        } else {
            distrust(router.id());
        }
        return this;
    }

    /** Nobody may keep a link with that router. To its peers it is the same whether it was deleted or may come back one day. */
    private void distrust(RouterId id) {
        tellOthers(id, gone(id, PeerState.REMOVED));
        links.tell(new Links.Distrusted(id));
    }

    private RouterEvent event(String what, ConnectedRouter router, String reason) {
        String name = state.model()
                .view()
                .get(EdgeRouters.TYPE, router.id())
                .map(EdgeRouter::name)
                .orElse("");
        return new RouterEvent(state.now(), what, router.id(), name, reason);
    }

    private void tellOthers(RouterId about, PeerStateChange change) {
        PeerStateChanges changes =
                PeerStateChanges.newBuilder().addChanges(change).build();
        for (ConnectedRouter other : state.routers().all()) {
            if (!other.id().equals(about)) {
                other.send(Lane.DEFAULT, ControlContentType.PEER_STATE_CHANGES, changes);
            }
        }
    }

    private static PeerStateChange healthy(ConnectedRouter router) {
        RouterStatus status = router.status();
        PeerStateChange.Builder change = PeerStateChange.newBuilder()
                .setId(status.id().value())
                .setVersion(status.version().version())
                .setState(PeerState.HEALTHY);
        status.linkListeners()
                .forEach(l -> change.addListeners(Listener.newBuilder()
                        .setAddress(l.address())
                        .setProtocol(l.protocol())
                        .addAllGroups(l.groups())
                        .setLocalBinding(l.localBinding())));
        return change.build();
    }

    private static PeerStateChange gone(RouterId id, PeerState peerState) {
        return PeerStateChange.newBuilder()
                .setId(id.value())
                .setState(peerState)
                .build();
    }

    private Behavior<Command> committed(Committed committed) {
        Model.Commit commit = committed.commit();
        boolean routersChanged = false;
        for (Change change : commit.changeSet().changes()) {
            if (change.type() == Terminators.TYPE && change instanceof Change.Delete) {
                state.terminators().forgetCost((TerminatorId) change.id());
            }
            if (change.type() == EdgeRouters.TYPE) {
                routersChanged = true;
                routerChanged((RouterId) change.id(), commit);
            }
        }
        if (routersChanged) {
            state.topologyChanged();
        }
        LostRights lost = LostRights.of(commit);
        if (!lost.isEmpty()) {
            state.terminators().recheck(commit.after(), lost).forEach(this::tellLost);
        }
        return this;
    }

    /** A router does not know which routers may be used, so it is told: as if it had asked for the terminator just now. */
    private void tellLost(Terminator terminator) {
        if (terminator.binding().equals("edge")) {
            state.routers()
                    .get(terminator.routerId())
                    .ifPresent(router -> router.send(
                            Lane.DEFAULT,
                            ControlContentType.CREATE_TERMINATOR_V2_RESPONSE,
                            CreateTerminatorV2Response.newBuilder()
                                    .setTerminatorId(terminator.id().value())
                                    .setResult(CreateTerminatorResult.FAILED_OTHER)
                                    .setMsg("bind access lost")
                                    .setErrorCode(EdgeErrorCode.ACCESS_DENIED.code())
                                    .setRetryHint(RetryHint.START_OVER.code())
                                    .build()));
        }
    }

    private void routerChanged(RouterId id, Model.Commit commit) {
        Optional<EdgeRouter> now = commit.after().get(EdgeRouters.TYPE, id);
        Optional<ConnectedRouter> connected = state.routers().get(id);
        if (now.filter(EdgeRouter::trusted).isPresent()) {
            // A renewed certificate changes nothing (protocol/03 section 5.4, step 6); enrolling again takes the
            // fingerprint away first.
            return;
        }
        if (commit.before()
                .get(EdgeRouters.TYPE, id)
                .filter(EdgeRouter::trusted)
                .isPresent()) {
            distrust(id);
        }
        connected.ifPresent(router -> {
            // Its last word: an honest router lets its SDKs go, too, and no controller can tell it later.
            state.routers().unregister(router);
            router.dismiss(
                    ControlContentType.DATA_STATE_CHANGE_SET,
                    disabled(id),
                    now.isEmpty() ? "router deleted" : "router disabled or not enrolled any more");
        });
    }

    private static DataState.ChangeSet disabled(RouterId id) {
        return DataState.ChangeSet.newBuilder()
                .setIsSynthetic(true)
                .addChanges(DataState.Event.newBuilder()
                        .setAction(DataState.Action.UPDATE)
                        .setIsSynthetic(true)
                        .setRouter(
                                DataState.Router.newBuilder().setId(id.value()).setDisabled(true)))
                .build();
    }
}
