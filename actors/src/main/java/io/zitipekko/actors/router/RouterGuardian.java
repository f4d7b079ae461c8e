package io.zitipekko.actors.router;

import io.zitipekko.actors.router.circuit.CircuitEnds;
import io.zitipekko.actors.router.control.ApiSessionSync;
import io.zitipekko.actors.router.control.ControlMessages;
import io.zitipekko.actors.router.control.ControllerConnections;
import io.zitipekko.actors.router.control.Controllers;
import io.zitipekko.actors.router.control.DataModelSubscription;
import io.zitipekko.actors.router.control.DataModelValidation;
import io.zitipekko.actors.router.control.EdgeHello;
import io.zitipekko.actors.router.control.FaultReporter;
import io.zitipekko.actors.router.control.Inspections;
import io.zitipekko.actors.router.control.RouterHello;
import io.zitipekko.actors.router.control.SessionReports;
import io.zitipekko.actors.router.datamodel.StreamedDataModel;
import io.zitipekko.actors.router.dial.EgressDialer;
import io.zitipekko.actors.router.dial.RouteHandler;
import io.zitipekko.actors.router.dial.TerminatorValidation;
import io.zitipekko.actors.router.dial.TransportDialer;
import io.zitipekko.actors.router.edge.EdgeParts;
import io.zitipekko.actors.router.edge.EdgeSide;
import io.zitipekko.actors.router.edge.session.ApiSessionTable;
import io.zitipekko.actors.router.forwarder.Forwarder;
import io.zitipekko.actors.router.forwarder.ForwarderActor;
import io.zitipekko.actors.router.forwarder.Scheduler;
import io.zitipekko.actors.router.link.LinkAcceptor;
import io.zitipekko.actors.router.link.LinkRegistry;
import io.zitipekko.actors.router.link.LinkTable;
import io.zitipekko.actors.router.link.MetricsReports;
import io.zitipekko.actors.router.link.RouterVerifier;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ChannelListener;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.memory.SharedMemory;
import io.zitipekko.transport.tls.ClientAuth;
import io.zitipekko.transport.tls.ListenerLimits;
import io.zitipekko.transport.tls.SharedTlsListener;
import io.zitipekko.transport.tls.TlsPeer;
import io.zitipekko.transport.tls.TlsServerProtocol;
import io.zitipekko.transport.xgress.end.CircuitMemory;
import io.zitipekko.transport.xgress.end.CircuitTimer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * A router: puts its parts together, binds its listeners, then connects to its controllers. The parts that only keep time or follow a
 * controller are restarted when they fail; the registries of links, hosted services and rights are not: what they own could not be
 * trusted any more, so their failure stops the router.
 */
public final class RouterGuardian extends AbstractBehavior<RouterGuardian.Command> {
    /** Messages of this actor. */
    public sealed interface Command {}

    /** Stops the router: listeners first, then what they served. */
    public record Stop(ActorRef<Done> replyTo) implements Command {}

    private record Bound(List<SharedTlsListener> listeners) implements Command {}

    private record BindFailed(Throwable why) implements Command {}

    private record ReportMetrics() implements Command {}

    private record ReportSessions() implements Command {}

    private record CheckStartup() implements Command {}

    /**
     * What a router is started with besides its settings.
     *
     * @param controllers first addresses: from the endpoints file, or the router's own
     * @param remember writes controller addresses down when they change; must not block
     * @param clock the time
     */
    public record Start(
            RouterSettings settings,
            List<TransportAddress> controllers,
            Consumer<Set<TransportAddress>> remember,
            Clock clock) {}

    /**
     * A router that runs.
     *
     * @param listeners where it listens, by the address that its settings name
     * @param connections to its controllers
     * @param model its copy of the data model
     * @param links that are up
     * @param forwarder its tables
     * @param edge its SDK-facing side, if it has one
     */
    public record Running(
            Map<TransportAddress, SharedTlsListener> listeners,
            ControllerClient connections,
            StreamedDataModel model,
            LinkTable links,
            Forwarder forwarder,
            Optional<EdgeSide> edge) {}

    private final TimerScheduler<Command> timers;
    private final Start start;
    private final RouterSettings settings;
    private final CompletableFuture<Running> started;
    private final ControllerConnections connections = new ControllerConnections();
    private final ControlMessages messages = new ControlMessages();
    private final StreamedDataModel model;
    private final LinkTable links = new LinkTable();
    private final ScheduledExecutorService circuitTime;
    private final Forwarder forwarder;
    private final MetricsReports metrics;
    private final ActorRef<LinkRegistry.Command> linkRegistry;
    private final Optional<EdgeSide> edge;
    private final RefusalReporter refusals;
    private final Optional<SessionReports> sessions;
    private List<SharedTlsListener> listeners = List.of();
    private @Nullable ActorRef<Controllers.Command> controllers;

    private RouterGuardian(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Start start,
            CompletableFuture<Running> started) {
        super(context);
        this.timers = timers;
        this.start = start;
        this.settings = start.settings();
        this.started = started;
        var system = context.getSystem();
        Scheduler scheduler = (delay, task) -> system.scheduler().scheduleOnce(delay, task, system.executionContext());
        model = new StreamedDataModel(settings.id());
        circuitTime = CircuitTimer.thread("circuit-time-" + settings.id());
        // Not with this actor: its channels end after it, and the circuits that they carried still set timers while
        // they close.
        system.getWhenTerminated().whenComplete((done, failure) -> circuitTime.shutdownNow());
        forwarder = new Forwarder(
                settings.id(),
                new FaultReporter(connections, scheduler, settings.forwarder().faultInterval()),
                scheduler,
                System::nanoTime);
        CircuitEnds ends =
                new CircuitEnds(forwarder, CircuitTimer.on(circuitTime), CircuitMemory.of(SharedMemory.ofHeap()));
        metrics = new MetricsReports(settings.id(), links, forwarder.counters(), connections, start.clock());
        ActorRef<Command> self = context.getSelf();
        linkRegistry = context.spawn(
                LinkRegistry.create(new LinkRegistry.Parts(
                        settings, connections, forwarder, links, model::router, () -> self.tell(new ReportMetrics()))),
                "links");
        context.watch(linkRegistry);
        context.spawn(
                Behaviors.supervise(ForwarderActor.create(forwarder, settings.forwarder()))
                        .onFailure(SupervisorStrategy.restart()),
                "forwarder");
        refusals = new RefusalReporter(connections, start.clock());
        ApiSessionTable apiSessions = new ApiSessionTable();
        edge = settings.edge()
                .map(e -> EdgeSide.start(
                        context,
                        new EdgeParts(
                                settings.id(),
                                settings.version(),
                                settings.identity(),
                                e,
                                settings.forwarder().circuitTimeout(),
                                connections,
                                model,
                                apiSessions,
                                ends,
                                refusals,
                                system.dispatchers().lookup(DispatcherSelector.defaultDispatcher()),
                                start.clock())));
        sessions = edge.map(e -> new SessionReports(
                connections, e.sessionEvents(), settings.edge().orElseThrow().sessionValidation(), scheduler));
        connectMessages(context, apiSessions, dialers(system.classicSystem(), ends));
        bind();
    }

    /** @param started completes when every listener is bound, or fails when one cannot be */
    public static Behavior<Command> create(Start start, CompletableFuture<Running> started) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new RouterGuardian(context, timers, start, started)));
    }

    private List<EgressDialer> dialers(org.apache.pekko.actor.ActorSystem system, CircuitEnds ends) {
        List<EgressDialer> out = new ArrayList<>();
        out.add(new TransportDialer(system, ends, settings.transport(), start.clock()));
        edge.ifPresent(e -> out.add(e.hostDialer()));
        return out;
    }

    /** Everything that is done with what controllers send; complete before the first of them is dialled. */
    private void connectMessages(
            ActorContext<Command> context, ApiSessionTable apiSessions, List<EgressDialer> dialers) {
        RouteHandler routes =
                new RouteHandler(forwarder, dialers, settings.forwarder().maxDials(), start.clock());
        TerminatorValidation terminators = new TerminatorValidation(dialers);
        messages.on(ControlContentType.ROUTE, (from, m) -> routes.route(from.controller(), m)
                        .thenAccept(
                                result -> result.ifPresent(r -> from.channel().reply(Lane.HIGH, m, r))))
                .on(ControlContentType.UNROUTE, (from, m) -> routes.unroute(from.controller(), m))
                .on(ControlContentType.VALIDATE_TERMINATORS_V2, (from, m) -> terminators
                        .answer(m)
                        .thenAccept(
                                answer -> answer.ifPresent(a -> from.channel().reply(Lane.LOW, m, a))));
        edge.ifPresent(e -> messages.on(ControlContentType.CREATE_TERMINATOR_V2_RESPONSE, (from, m) -> e.sessionEvents()
                .onTerminatorCreated(m)));
        new ApiSessionSync(apiSessions).connect(messages);
        connections.onChange(apiSessions::reconnected);
        new EdgeHello(settings, model).connect(messages);
        new DataModelValidation(model, context.getSystem().executionContext()).connect(messages);
        sessions.ifPresent(s -> s.connect(messages));
        inspections().connect(messages);
        LinkRegistry.connect(linkRegistry, connections, messages, model);
        ActorRef<DataModelSubscription.Command> subscription = context.spawn(
                Behaviors.supervise(DataModelSubscription.create(connections, model))
                        .onFailure(SupervisorStrategy.restart()),
                "data-model");
        DataModelSubscription.connect(subscription, connections, messages);
    }

    private Inspections inspections() {
        return new Inspections()
                .on("capability", () -> "\"ziti.edge\"")
                .on("links", () -> Inspections.array(links.describe()))
                .on("router-circuits", () -> Inspections.array(forwarder.describe()))
                .on(
                        "router-data-model-index",
                        () -> "{\"timeline\":\"" + model.position().timelineId() + "\",\"index\":"
                                + model.position().index() + "}")
                .on(
                        "router-controllers",
                        () -> Inspections.array(connections.connected().stream()
                                .map(ControllerId::value)
                                .toList()))
                .on(
                        "router-edge-circuits",
                        () -> "{\"connections\":"
                                + edge.map(EdgeSide::connectionCount).orElse(0) + "}");
    }

    /** Listeners that name the same socket share it; ALPN tells them apart. */
    private void bind() {
        RouterVerifier verifier = new RouterVerifier(model::router, connections);
        Map<TransportAddress, List<TlsServerProtocol>> sockets = new LinkedHashMap<>();
        for (RouterSettings.LinkListener l : settings.link().listeners()) {
            ChannelListener channels = ChannelListener.create(
                    getContext().getSystem(),
                    ChannelKind.LINK,
                    l.options(),
                    () -> settings.id().value(),
                    new LinkAcceptor(
                            settings.id(),
                            l.localBinding(),
                            settings.identity(),
                            verifier,
                            linkRegistry,
                            refusals,
                            start.clock()));
            sockets.computeIfAbsent(l.bind(), k -> new ArrayList<>())
                    .add(new TlsServerProtocol(
                            Set.of(ChannelKind.LINK.alpn()),
                            settings.identity(),
                            ClientAuth.REQUIRE,
                            TlsServerProtocol::admitEveryone,
                            channels::handle));
        }
        settings.edge()
                .ifPresent(e -> e.listeners().forEach(l -> sockets.computeIfAbsent(l.bind(), k -> new ArrayList<>())
                        .add(edge.orElseThrow().protocol(getContext().getSystem(), l))));
        List<TransportAddress> addresses = List.copyOf(sockets.keySet());
        List<CompletableFuture<SharedTlsListener>> binding = addresses.stream()
                .map(a -> bind(a, sockets.get(a)).toCompletableFuture())
                .toList();
        getContext()
                .pipeToSelf(
                        CompletableFuture.allOf(binding.toArray(CompletableFuture[]::new)),
                        (done, failure) -> failure != null
                                ? new BindFailed(failure.getCause() == null ? failure : failure.getCause())
                                : new Bound(binding.stream()
                                        .map(CompletableFuture::join)
                                        .toList()));
    }

    private CompletionStage<SharedTlsListener> bind(TransportAddress a, List<TlsServerProtocol> protocols) {
        return SharedTlsListener.bind(
                        getContext().getSystem(),
                        a.host(),
                        a.port(),
                        protocols,
                        ListenerLimits.DEFAULT,
                        (peer, what, reason) -> refusals.refused(
                                RefusalReporter.Door.CONNECTION,
                                "somebody unknown",
                                TlsPeer.text(peer),
                                what + " at " + a,
                                reason))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(new IllegalStateException(
                        "cannot listen at " + a + ": " + rootMessage(failure) + " (is another process using the port?)",
                        failure)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Bound.class, this::onBound)
                .onMessage(BindFailed.class, this::onBindFailed)
                .onMessage(ReportMetrics.class, m -> onReportMetrics())
                .onMessage(ReportSessions.class, m -> onReportSessions())
                .onMessage(CheckStartup.class, m -> onCheckStartup())
                .onMessage(Stop.class, this::onStop)
                .onSignal(PostStop.class, s -> onStopped())
                .build();
    }

    private Behavior<Command> onBound(Bound m) {
        listeners = m.listeners();
        controllers = getContext()
                .spawn(
                        Controllers.create(
                                start.controllers(),
                                address -> RouterHello.dial(settings, address),
                                connections,
                                messages,
                                start.remember()),
                        "controllers");
        getContext().watch(controllers);
        timers.startTimerWithFixedDelay(new ReportMetrics(), settings.metricsInterval());
        settings.edge().ifPresent(e -> timers.startTimerWithFixedDelay(new ReportSessions(), e.apiSessionHeartbeat()));
        if (!settings.controllers().startupTimeout().isZero()) {
            timers.startSingleTimer(new CheckStartup(), settings.controllers().startupTimeout());
        }
        Map<TransportAddress, SharedTlsListener> byAddress = new LinkedHashMap<>();
        int i = 0;
        for (TransportAddress a : listenAddresses()) {
            byAddress.put(a, listeners.get(i++));
        }
        started.complete(new Running(byAddress, connections, model, links, forwarder, edge));
        return this;
    }

    private Set<TransportAddress> listenAddresses() {
        Set<TransportAddress> out = new java.util.LinkedHashSet<>();
        settings.link().listeners().forEach(l -> out.add(l.bind()));
        settings.edge().ifPresent(e -> e.listeners().forEach(l -> out.add(l.bind())));
        return out;
    }

    private Behavior<Command> onBindFailed(BindFailed m) {
        started.completeExceptionally(m.why());
        return Behaviors.stopped();
    }

    private Behavior<Command> onReportMetrics() {
        metrics.report();
        return this;
    }

    private Behavior<Command> onReportSessions() {
        sessions.ifPresent(SessionReports::reportLive);
        return this;
    }

    private Behavior<Command> onCheckStartup() {
        // One that is away at this moment is no reason to stop.
        if (!connections.everConnected()) {
            getContext()
                    .getLog()
                    .error(
                            "no controller could be reached within {} s at {}; the router stops (ctrl.startupTimeout:"
                                    + " 0 waits for ever)",
                            settings.controllers().startupTimeout().toSeconds(),
                            start.controllers());
            return Behaviors.stopped();
        }
        return this;
    }

    private Behavior<Command> onStop(Stop m) {
        m.replyTo().tell(Done.getInstance());
        return Behaviors.stopped();
    }

    private Behavior<Command> onStopped() {
        listeners.forEach(l -> l.close().whenComplete((done, failure) -> {
            if (failure != null) {
                getContext().getSystem().log().warn("a listener did not close cleanly: {}", failure.getMessage());
            }
        }));
        edge.ifPresent(EdgeSide::close);
        return this;
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
