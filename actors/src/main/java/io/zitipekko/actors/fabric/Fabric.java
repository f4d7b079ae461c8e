package io.zitipekko.actors.fabric;

import io.zitipekko.actors.controller.ControllerSettings;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.fabric.apisession.ApiSessionPublisher;
import io.zitipekko.actors.fabric.apisession.IdentityConnections;
import io.zitipekko.actors.fabric.circuit.Circuits;
import io.zitipekko.actors.fabric.control.ControlAcceptor;
import io.zitipekko.actors.fabric.control.Routers;
import io.zitipekko.actors.fabric.control.request.CircuitReports;
import io.zitipekko.actors.fabric.control.request.ControlRequests;
import io.zitipekko.actors.fabric.control.request.EdgeReports;
import io.zitipekko.actors.fabric.control.request.FabricTerminators;
import io.zitipekko.actors.fabric.control.request.HostedTerminators;
import io.zitipekko.actors.fabric.control.request.LinkReports;
import io.zitipekko.actors.fabric.control.request.RenewalRequests;
import io.zitipekko.actors.fabric.control.request.RouterRequests;
import io.zitipekko.actors.fabric.datamodel.DataModelPublisher;
import io.zitipekko.actors.fabric.link.Links;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.session.SessionServices;
import io.zitipekko.actors.session.token.SigningKey;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The controller's side of the network, running: who may connect, and what is known of those who have.
 *
 * @param acceptor of control channels
 * @param directory what APIs read and command
 */
public record Fabric(ControlAcceptor acceptor, FabricDirectory directory) {

    /**
     * Starts the fabric's actors as children of the caller. They restart nothing by themselves that holds a channel: what fails there is closed, and
     * its router comes again.
     *
     * @param signingKey whose certificate routers verify tokens with
     */
    public static Fabric spawn(
            ActorContext<?> context,
            ControllerSettings settings,
            Model model,
            SessionServices sessions,
            Supplier<SigningKey> signingKey,
            EventBus events,
            InstantSource clock) {
        FabricState state = new FabricState(settings, model, events, clock);
        IdentityConnections connections = new IdentityConnections(events, clock);
        ActorRef<Circuits.Command> circuits =
                context.spawn(Circuits.create(state, sessions.dialAuthorizer()), "circuits");
        ActorRef<Links.Command> links = context.spawn(Links.create(state, circuits), "links");
        ActorRef<DataModelPublisher.Command> dataModel =
                context.spawn(DataModelPublisher.create(state, signingKey), "data-model");
        ActorRef<ApiSessionPublisher.Command> apiSessions =
                context.spawn(ApiSessionPublisher.create(state, sessions.serviceSessionTokens()), "api-sessions");
        ActorRef<Routers.Command> routers = context.spawn(
                Routers.create(
                        state,
                        self -> ControlRequests.of(
                                new RouterRequests(state, self),
                                new LinkReports(links),
                                new CircuitReports(state, circuits, links),
                                new FabricTerminators(state, self),
                                new HostedTerminators(state, sessions.dialAuthorizer(), self),
                                new EdgeReports(sessions.apiSessions(), connections, apiSessions, dataModel),
                                new RenewalRequests(state, sessions.routerRenewals())),
                        links,
                        circuits,
                        apiSessions,
                        dataModel,
                        connections),
                "routers");
        // What takes rights away reaches routers before anything else is done about it.
        model.subscribe(commit -> {
            dataModel.tell(new DataModelPublisher.Committed(commit));
            apiSessions.tell(new ApiSessionPublisher.Committed(commit));
            routers.tell(new Routers.Committed(commit));
            circuits.tell(new Circuits.Committed(commit));
        });
        return new Fabric(
                new ControlAcceptor(state, routers),
                new LiveFabricDirectory(context.getSystem(), state, connections, links));
    }
}
