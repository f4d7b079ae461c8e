package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.router.Registration;
import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.actors.router.dial.EgressDialer;
import io.zitipekko.actors.router.edge.host.HostDialer;
import io.zitipekko.actors.router.edge.host.HostedServices;
import io.zitipekko.actors.router.edge.host.TerminatorTable;
import io.zitipekko.actors.router.edge.session.ApiSessionTable;
import io.zitipekko.actors.router.edge.session.EdgeSession;
import io.zitipekko.actors.router.edge.session.LegacyApiSession;
import io.zitipekko.actors.router.edge.session.RemovedSessions;
import io.zitipekko.actors.router.edge.session.SessionTokens;
import io.zitipekko.transport.channel.ChannelAcceptor;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ChannelListener;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.tls.ClientAuth;
import io.zitipekko.transport.tls.TlsServerProtocol;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The SDK-facing side of one router: its channels, dials and hosting. Started by the router's guardian, whose children its actors are.
 * Binding a socket is the guardian's too: {@link #protocol} is what it puts behind one.
 */
public final class EdgeSide implements AutoCloseable {
    private final EdgeServices services;
    private final ActorRef<AccessGuard.Command> guard;
    private final List<Registration> registrations;

    private EdgeSide(EdgeServices services, ActorRef<AccessGuard.Command> guard, List<Registration> registrations) {
        this.services = services;
        this.guard = guard;
        this.registrations = registrations;
    }

    /** Starts the actors as children of {@code parent}, and listens to the model, the sessions and the controllers. */
    public static EdgeSide start(ActorContext<?> parent, EdgeParts parts) {
        TerminatorTable terminators = new TerminatorTable();
        AtomicReference<ActorRef<ConnectReporter.Command>> reports = new AtomicReference<>();
        AtomicReference<ActorRef<AccessGuard.Command>> guards = new AtomicReference<>();
        EdgeRegistry registry =
                new EdgeRegistry(connection -> connection.session().ifPresent(session -> {
                    guards.get().tell(new AccessGuard.ConnectionChanged(connection));
                    reports.get().tell(new ConnectReporter.Changed(session.identityId()));
                }));
        ActorRef<ConnectReporter.Command> reporter = parent.spawn(
                Behaviors.supervise(ConnectReporter.create(parts, registry)).onFailure(SupervisorStrategy.restart()),
                "connect-reporter");
        reports.set(reporter);
        RemovedSessions removed = new RemovedSessions(parts.clock());
        ActorRef<HostedServices.Command> hosted = parent.spawn(
                HostedServices.create(parts.controllers(), parts.model(), parts.clock(), terminators),
                "hosted-services");
        ActorRef<AccessGuard.Command> guard =
                parent.spawn(AccessGuard.create(registry, removed, hosted, parts), "access-guard");
        guards.set(guard);
        // A lost guard or a lost table of terminators must not go unnoticed.
        parent.watch(hosted);
        parent.watch(guard);
        List<Registration> registrations = List.of(
                parts.model().onChange(change -> guard.tell(new AccessGuard.ModelChanged(change))),
                parts.apiSessions().listen(new ApiSessionTable.Listener() {
                    @Override
                    public void onRemoved(LegacyApiSession session) {
                        guard.tell(new AccessGuard.ApiSessionRemoved(session));
                    }

                    @Override
                    public void onChanged(LegacyApiSession session) {
                        guard.tell(new AccessGuard.ApiSessionChanged(session));
                    }
                }),
                parts.controllers().onChange(controller -> {
                    hosted.tell(new HostedServices.ControllerConnected(controller));
                    reporter.tell(new ConnectReporter.ControllerConnected(controller));
                }));
        EdgeServices services = new EdgeServices(
                parts, registry, new SessionTokens(parts.model(), parts.clock()), removed, terminators, hosted);
        return new EdgeSide(services, guard, registrations);
    }

    /** What answers SDKs on the socket of this listener. */
    public TlsServerProtocol protocol(ClassicActorSystemProvider system, RouterSettings.EdgeListener listener) {
        EdgeParts parts = services.parts();
        SdkAuthenticator authenticator = new SdkAuthenticator(parts, listener.lookupApiSessionTimeout());
        ChannelListener channels = ChannelListener.create(
                system,
                ChannelKind.EDGE,
                listener.options(),
                () -> parts.identity().get().token(),
                acceptor(listener),
                parts.ends().memory().shared());
        return new TlsServerProtocol(
                Set.of(ChannelKind.EDGE.alpn(), TlsServerProtocol.NO_ALPN),
                parts.identity(),
                ClientAuth.REQUIRE,
                authenticator::admits,
                channels::handle);
    }

    ChannelAcceptor acceptor(RouterSettings.EdgeListener listener) {
        return new EdgeAcceptor(services, listener);
    }

    /** Dials what SDKs host here. */
    public EgressDialer hostDialer() {
        return new HostDialer(
                services.parts().ends(),
                services.terminators(),
                services.parts().clock());
    }

    /** Where the control connections report what concerns sessions. */
    public SessionEvents sessionEvents() {
        return new SessionEvents() {
            @Override
            public void onServiceSessionsRemoved(Collection<String> tokens, Collection<String> ids) {
                guard.tell(new AccessGuard.ServiceSessionsRemoved(List.copyOf(tokens), List.copyOf(ids)));
            }

            @Override
            public Collection<String> liveApiSessionTokens() {
                return services.registry().all().stream()
                        .flatMap(connection -> connection.session().stream())
                        .filter(session -> session.kind() == EdgeSession.Kind.LEGACY)
                        .map(EdgeSession::token)
                        .distinct()
                        .toList();
            }

            @Override
            public Collection<String> liveServiceSessionTokens() {
                Set<String> tokens = new LinkedHashSet<>();
                services.registry().all().forEach(connection -> tokens.addAll(connection.serviceSessionTokens()));
                services.terminators()
                        .all()
                        .forEach(terminator -> tokens.add(terminator.grant().token()));
                return tokens;
            }

            @Override
            public void onTerminatorCreated(Message answer) {
                services.hosted().tell(new HostedServices.CreateAnswered(answer));
            }
        };
    }

    /** SDK channels open now. */
    public int channelCount() {
        return services.registry().size();
    }

    /** Connections on them, those being set up included. */
    public int connectionCount() {
        return services.registry().all().stream()
                .mapToInt(EdgeConnection::connectionCount)
                .sum();
    }

    /** Terminators that SDKs host here. */
    public int terminatorCount() {
        return services.terminators().size();
    }

    /** Closes all SDK channels and stops listening to others; the actors end with their parent. */
    @Override
    public void close() {
        registrations.forEach(Registration::close);
        services.registry().all().forEach(connection -> connection.close("router stops"));
    }
}
