package io.zitipekko.actors.router.link;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.actors.router.RouterSettings.LinkDialer;
import io.zitipekko.actors.router.control.ControlMessages;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.actors.router.forwarder.Forwarder;
import io.zitipekko.actors.router.forwarder.LinkIntake;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.ChannelDial;
import io.zitipekko.transport.channel.ChannelDialer;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.VersionInfo;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.Fault;
import io.zitipekko.transport.control.proto.FaultSubject;
import io.zitipekko.transport.control.proto.Listener;
import io.zitipekko.transport.control.proto.PeerStateChange;
import io.zitipekko.transport.control.proto.PeerStateChanges;
import io.zitipekko.transport.link.LinkHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Owns the router's links: which peers there are, which links to dial and when, which of two links of one key survives, and what
 * controllers are told (protocol/04 sections 1.8 to 1.10). Payloads never pass it. Not restarted when it fails: its guardian stops
 * the router, as links without an owner could not be trusted.
 */
public final class LinkRegistry extends AbstractBehavior<LinkRegistry.Command> {
    private static final String PROTOCOL = "tls";
    private static final String FIRST_GROUPING_VERSION = "1.6.6";
    private static final int MAX_REJECTIONS = 5;
    private static final Duration SETTLES_AFTER = Duration.ofSeconds(10);
    private static final Duration REFUSED_ACCEPTED_LIVES = Duration.ofSeconds(30);
    private static final Duration REPLACED_DIALED_LIVES = Duration.ofSeconds(60);
    private static final Duration REPLACED_ACCEPTED_LIVES = Duration.ofSeconds(75);

    /** Messages of this actor. */
    public sealed interface Command {}

    /** A link is connected and verified; its channels are paused until it is attached. */
    record Up(RouterLink link, List<LinkHandler> handlers) implements Command {}

    /** A link's channel is closed. */
    record Closed(RouterLink link, String reason) implements Command {}

    /** A link gained or lost an underlay. */
    record UnderlaysChanged(RouterLink link) implements Command {}

    /** A link's first round trip is known. */
    record FirstLatency(RouterLink link) implements Command {}

    /** Link listeners of peers, and peers that come and go (message 1050). */
    record Peers(PeerStateChanges changes) implements Command {}

    private record ControllerFault(Fault fault) implements Command {}

    /** The data model has other records of routers now. */
    record RoutersChanged(RouterDataModel.Change change) implements Command {}

    private record ControllerConnected(ControllerId controller) implements Command {}

    private record Dial(LinkKey key) implements Command {}

    private record DialFailed(LinkKey key, String why) implements Command {}

    private record CloseLater(RouterLink link, String why) implements Command {}

    private record Settled(RouterLink link) implements Command {}

    /**
     * What a registry works with.
     *
     * @param known routers as the controllers pushed them
     * @param onFirstLatency told when a link's cost is known for the first time
     */
    public record Parts(
            RouterSettings settings,
            ControllerClient controllers,
            Forwarder forwarder,
            LinkTable table,
            Function<RouterId, Optional<RouterVerifier.Known>> known,
            Runnable onFirstLatency) {}

    private final TimerScheduler<Command> timers;
    private final Parts parts;
    private final Map<LinkKey, WantedLink> wanted = new LinkedHashMap<>();
    private final Map<LinkKey, RouterLink> current = new HashMap<>();
    private final Map<LinkKey, Integer> rejections = new HashMap<>();
    /** All that carry data, also duplicates that are about to go. */
    private final Set<RouterLink> attached = new HashSet<>();

    private final RandomGenerator chance = new SplittableRandom();
    private final PeerTrust trust;
    private final LinkReports reports;

    private LinkRegistry(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
        super(context);
        this.timers = timers;
        this.parts = parts;
        this.reports = new LinkReports(parts.controllers());
        this.trust = new PeerTrust(parts.settings().id(), parts.known());
    }

    public static Behavior<Command> create(Parts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new LinkRegistry(context, timers, parts)));
    }

    /** Routes what controllers send, and their coming, to the registry. */
    public static void connect(
            ActorRef<Command> self, ControllerClient controllers, ControlMessages messages, RouterDataModel model) {
        model.onChange(change -> {
            if (change.everything() || !change.routers().isEmpty()) {
                self.tell(new RoutersChanged(change));
            }
        });
        messages.on(
                        ControlContentType.PEER_STATE_CHANGES,
                        PeerStateChanges.parser(),
                        (from, m, body) -> self.tell(new Peers(body)))
                .on(ControlContentType.FAULT, Fault.parser(), (from, m, body) -> self.tell(new ControllerFault(body)));
        controllers.onChange(c -> self.tell(new ControllerConnected(c)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Up.class, this::onUp)
                .onMessage(Closed.class, this::onClosed)
                .onMessage(UnderlaysChanged.class, this::onUnderlaysChanged)
                .onMessage(FirstLatency.class, m -> onFirstLatency())
                .onMessage(Peers.class, this::onPeers)
                .onMessage(ControllerFault.class, this::onControllerFault)
                .onMessage(RoutersChanged.class, this::onRoutersChanged)
                .onMessage(ControllerConnected.class, this::onControllerConnected)
                .onMessage(Dial.class, this::onDial)
                .onMessage(DialFailed.class, this::onDialFailed)
                .onMessage(CloseLater.class, this::onCloseLater)
                .onMessage(Settled.class, this::onSettled)
                .onSignal(PostStop.class, s -> onStop())
                .build();
    }

    // ---- peers

    private Behavior<Command> onPeers(Peers m) {
        for (PeerStateChange change : m.changes().getChangesList()) {
            if (change.getId().isBlank()
                    || change.getId().equals(parts.settings().id().value())) {
                continue;
            }
            RouterId peer = new RouterId(change.getId());
            switch (change.getState()) {
                case HEALTHY -> healthy(peer, change);
                case UNHEALTHY ->
                    wanted.forEach((key, w) -> {
                        if (key.remote().equals(peer)) {
                            w.unhealthy();
                        }
                    });
                case REMOVED -> removed(peer);
                case UNRECOGNIZED ->
                    getContext().getLog().warn("peer {} has a state that is not known here, nothing is done", peer);
            }
        }
        return this;
    }

    /** The same news as a peer's removal, by another way: whichever arrives first ends its links. */
    private Behavior<Command> onRoutersChanged(RoutersChanged m) {
        Set<RouterId> concerned = new HashSet<>();
        attached.forEach(link -> concerned.add(link.remote()));
        wanted.keySet().forEach(key -> concerned.add(key.remote()));
        concerned.stream().filter(peer -> trust.lostBy(m.change(), peer)).forEach(this::removed);
        return this;
    }

    private void healthy(RouterId peer, PeerStateChange change) {
        trust.restore(peer);
        Set<LinkKey> reachable = new HashSet<>();
        for (LinkDialer dialer : parts.settings().link().dialers()) {
            for (Listener listener : change.getListenersList()) {
                Optional<TransportAddress> address = usable(peer, listener, dialer);
                if (address.isPresent()) {
                    LinkKey key = new LinkKey(dialer.localBinding(), PROTOCOL, peer, listener.getLocalBinding());
                    reachable.add(key);
                    want(key, dialer, address.get(), change.getVersion());
                }
            }
        }
        for (LinkKey key : List.copyOf(wanted.keySet())) {
            if (key.remote().equals(peer) && !reachable.contains(key)) {
                forget(key, "router " + peer + " no longer listens there");
            }
        }
    }

    private Optional<TransportAddress> usable(RouterId peer, Listener listener, LinkDialer dialer) {
        List<String> groups = listener.getGroupsCount() == 0 ? List.of("default") : listener.getGroupsList();
        if (!listener.getProtocol().equals(PROTOCOL) || dialer.groups().stream().noneMatch(groups::contains)) {
            return Optional.empty();
        }
        try {
            return Optional.of(TransportAddress.parse(listener.getAddress()));
        } catch (IllegalArgumentException e) {
            getContext()
                    .getLog()
                    .warn("router {} advertises a link listener that cannot be dialled: {}", peer, e.getMessage());
            return Optional.empty();
        }
    }

    private void want(LinkKey key, LinkDialer dialer, TransportAddress address, String version) {
        WantedLink w = wanted.get(key);
        if (w == null) {
            wanted.put(key, new WantedLink(dialer, address, version, chance));
        } else if (w.healthyAt(address, version)) {
            RouterLink old = current.get(key);
            if (old != null && old.dialed) {
                old.close("the peer's link address changed to " + address);
            }
        }
        if (!current.containsKey(key)) {
            getContext().getSelf().tell(new Dial(key));
        }
    }

    private void removed(RouterId peer) {
        for (LinkKey key : List.copyOf(wanted.keySet())) {
            if (key.remote().equals(peer)) {
                forget(key, "router " + peer + " was removed or disabled");
            }
        }
        for (RouterLink link : List.copyOf(attached)) {
            if (link.remote().equals(peer)) {
                link.close("router " + peer + " was removed or disabled");
            }
        }
        trust.remove(peer);
    }

    private void forget(LinkKey key, String why) {
        wanted.remove(key);
        timers.cancel(key);
        RouterLink link = current.get(key);
        if (link != null && link.dialed) {
            link.close(why);
        }
    }

    // ---- dialing

    private Behavior<Command> onDial(Dial m) {
        WantedLink w = wanted.get(m.key());
        if (w == null || w.isDialing() || current.containsKey(m.key())) {
            return this;
        }
        w.dial();
        LinkKey key = m.key();
        int iteration = w.iteration();
        LinkHandler handler = new LinkHandler(
                getContext().getSelf(), reason -> getContext().getSelf().tell(new DialFailed(key, reason)));
        getContext()
                .pipeToSelf(
                        ChannelDialer.dial(getContext().getSystem(), spec(key, w), channel -> {
                            channel.pauseReading();
                            return handler;
                        }),
                        (channel, failure) -> failure != null
                                ? new DialFailed(key, rootMessage(failure))
                                : new Up(
                                        new RouterLink(
                                                w.linkId(),
                                                key,
                                                iteration,
                                                true,
                                                w.address().toString(),
                                                channel,
                                                channel),
                                        List.of(handler)));
        return this;
    }

    private ChannelDial spec(LinkKey key, WantedLink w) {
        RouterSettings settings = parts.settings();
        boolean grouped = groups(w.version());
        Headers hello = Headers.builder()
                .string(LinkHeaders.CONNECTION_ID, UUID.randomUUID().toString())
                .string(LinkHeaders.ROUTER_ID, settings.id().value())
                .string(LinkHeaders.ROUTER_VERSION, w.version())
                .string(LinkHeaders.DIALER_BINDING, w.dialer().localBinding())
                .int32(LinkHeaders.ITERATION, w.iteration())
                .string(LinkHeaders.DIALED_ROUTER_ID, key.remote().value())
                .string(LinkHeaders.LINK_ID, w.linkId())
                .build();
        return new ChannelDial(
                ChannelKind.LINK,
                w.address(),
                settings.identity(),
                List.of(ChannelKind.LINK.alpn()),
                w.linkId(),
                hello,
                w.dialer().options(),
                grouped,
                Map.of(
                        "link.default",
                        w.dialer().maxDefaultConnections(),
                        "link.ack",
                        w.dialer().maxAckConnections()));
    }

    /** Whether a router of that version understands links of several underlays. */
    private static boolean groups(String version) {
        try {
            int end = version.indexOf('|');
            return new VersionInfo(end < 0 ? version : version.substring(0, end), "", "", "", "")
                    .isAtLeast(FIRST_GROUPING_VERSION);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Behavior<Command> onDialFailed(DialFailed m) {
        WantedLink w = wanted.get(m.key());
        if (w == null) {
            return this;
        }
        Duration pause = w.failed();
        if (Integer.bitCount(w.failures()) == 1) {
            getContext()
                    .getLog()
                    .warn(
                            "no link to router {} at {} (try {}): {}",
                            m.key().remote(),
                            w.address(),
                            w.failures(),
                            m.why());
        }
        timers.startSingleTimer(m.key(), new Dial(m.key()), pause);
        return this;
    }

    // ---- links that are up

    private Behavior<Command> onUp(Up m) {
        RouterLink link = m.link();
        WantedLink w = wanted.get(link.key);
        if (link.dialed) {
            if (w == null) {
                link.close("the link is no longer wanted");
                return this;
            }
            w.connected();
        }
        if (trust.refuses(link.remote())) {
            String why = "router " + link.remote() + " was removed or disabled";
            link.close(why);
            if (link.dialed) {
                getContext().getSelf().tell(new DialFailed(link.key, why));
            }
            return this;
        }
        RouterLink existing = current.get(link.key);
        boolean rejected = existing != null
                && !existing.isClosed()
                && existing.id.compareTo(link.id) < 0
                && rejections.merge(link.key, 1, Integer::sum) <= MAX_REJECTIONS;
        attach(link, m.handlers());
        if (rejected) {
            getContext().getLog().info("{} is a duplicate of {} and is given up", link, existing);
            if (link.dialed) {
                link.close("duplicate of link " + existing.id);
            } else {
                // The dialer is to report first.
                timers.startSingleTimer(
                        link, new CloseLater(link, "duplicate of link " + existing.id), REFUSED_ACCEPTED_LIVES);
            }
            return this;
        }
        current.put(link.key, link);
        rejections.remove(link.key);
        parts.table().put(link);
        if (w != null) {
            w.up();
            timers.startSingleTimer(settledKey(link.key), new Settled(link), SETTLES_AFTER);
        }
        getContext().getLog().info("{} is up ({})", link, link.key);
        if (existing != null && !existing.isClosed()) {
            replaced(existing);
        }
        if (link.dialed) {
            reports.up(link);
        }
        return this;
    }

    private void attach(RouterLink link, List<LinkHandler> handlers) {
        attached.add(link);
        LinkIntake intake = parts.forwarder().addLink(link);
        handlers.forEach(h -> h.attach(link, intake));
        link.start();
        if (link.isClosed()) {
            // It was closed before its handler knew it: say so ourselves.
            getContext().getSelf().tell(new Closed(link, "closed at once"));
        }
    }

    private void replaced(RouterLink old) {
        getContext().getLog().info("{} is replaced", old);
        reports.duplicate(old);
        timers.startSingleTimer(
                old,
                new CloseLater(old, "replaced by another link"),
                old.dialed ? REPLACED_DIALED_LIVES : REPLACED_ACCEPTED_LIVES);
    }

    private Behavior<Command> onSettled(Settled m) {
        WantedLink w = wanted.get(m.link().key);
        if (w != null && current.get(m.link().key) == m.link()) {
            w.settled();
        }
        return this;
    }

    private static String settledKey(LinkKey key) {
        return "settled " + key;
    }

    private Behavior<Command> onCloseLater(CloseLater m) {
        m.link().close(m.why());
        return this;
    }

    private Behavior<Command> onClosed(Closed m) {
        RouterLink link = m.link();
        timers.cancel(link);
        attached.remove(link);
        parts.forwarder().removeLink(link);
        parts.table().remove(link);
        if (!current.remove(link.key, link)) {
            return this;
        }
        getContext().getLog().info("{} is down: {}", link, m.reason());
        reports.lost(link);
        WantedLink w = wanted.get(link.key);
        timers.cancel(settledKey(link.key));
        if (w != null) {
            getContext()
                    .getSelf()
                    .tell(w.lost(m.reason())
                            .<Command>map(why -> new DialFailed(link.key, why))
                            .orElseGet(() -> new Dial(link.key)));
        }
        return this;
    }

    private Behavior<Command> onUnderlaysChanged(UnderlaysChanged m) {
        RouterLink link = m.link();
        if (link.dialed && current.get(link.key) == link && !link.isClosed()) {
            reports.underlays(link);
        }
        return this;
    }

    private Behavior<Command> onFirstLatency() {
        parts.onFirstLatency().run();
        return this;
    }

    // ---- controllers

    private Behavior<Command> onControllerConnected(ControllerConnected m) {
        reports.refresh(
                m.controller(),
                current.values().stream().filter(l -> l.dialed && !l.isClosed()).toList());
        return this;
    }

    private Behavior<Command> onControllerFault(ControllerFault m) {
        Fault fault = m.fault();
        if (fault.getSubject() != FaultSubject.LINK_FAULT) {
            return this;
        }
        for (RouterLink link : List.copyOf(attached)) {
            if (link.id.equals(fault.getId())
                    && (fault.getIteration() == 0
                            || Integer.compareUnsigned(fault.getIteration(), link.iteration) >= 0)) {
                link.close("a controller reports the link as faulty");
            }
        }
        return this;
    }

    private Behavior<Command> onStop() {
        List.copyOf(attached).forEach(l -> l.close("this router stops"));
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
