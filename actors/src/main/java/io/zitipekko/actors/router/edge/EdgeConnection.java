package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.router.RefusalReporter;
import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.actors.router.circuit.SdkEnd;
import io.zitipekko.actors.router.circuit.SdkRelay;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.actors.router.edge.host.HostChannel;
import io.zitipekko.actors.router.edge.host.HostedServices;
import io.zitipekko.actors.router.edge.session.AccessToken;
import io.zitipekko.actors.router.edge.session.EdgeSession;
import io.zitipekko.actors.router.edge.session.Grant;
import io.zitipekko.actors.router.edge.session.LegacyApiSession;
import io.zitipekko.actors.router.forwarder.Transit;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One SDK's channel: its connections by id, and the hand-over of what arrives to whom it is for. Runs on the channel's threads; its
 * tables are concurrent, since a channel may have several underlays.
 */
final class EdgeConnection implements ChannelHandler, HostChannel {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeConnection.class);
    /** Ids from here on are the router's. */
    private static final int FIRST_CHILD = 0x8000_0000;

    private static final int MAX_CONNECTIONS = 100_000;

    private final Channel channel;
    private final EdgeServices services;
    private final RouterSettings.EdgeListener settings;
    private final ConcurrentHashMap<Integer, Entry> connections = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<CircuitId, SdkRelay> relays = new ConcurrentHashMap<>();
    private final AtomicInteger nextChild = new AtomicInteger(FIRST_CHILD);
    private final Transit transit;
    private final DialHandler dials;
    private final BindHandler binds;
    private final TokenRenewal tokens;
    private final Instant connectedAt;
    private volatile @Nullable EdgeSession session;
    private volatile boolean identitySeen;
    private volatile boolean closed;

    EdgeConnection(Channel channel, EdgeServices services, RouterSettings.EdgeListener settings) {
        this.channel = channel;
        this.settings = settings;
        this.services = services;
        this.transit = services.parts().ends().forwarder().transit(channel::pauseReading, channel::resumeReading);
        this.connectedAt = services.parts().clock().instant();
        this.dials = new DialHandler(this, services);
        this.binds = new BindHandler(this, services);
        this.tokens = new TokenRenewal(this, services);
    }

    /** From now on its messages count. */
    void authenticated(EdgeSession proved) {
        session = proved;
        services.registry().add(this);
        if (channel.isClosed()) {
            services.registry().remove(this);
        } else {
            // What was lost between the look-up and the registration nobody told us.
            checkIdentity();
            if (proved.kind() == EdgeSession.Kind.LEGACY) {
                services.parts()
                        .apiSessions()
                        .find(proved.token())
                        .ifPresentOrElse(this::checkCertificate, () -> close("API session removed"));
            }
            checkSession();
            if (services.parts().model().isDisabled(services.parts().router())) {
                close("this router is disabled");
            }
        }
    }

    /** A fresh token takes the place of the one it has. */
    void renew(String token, AccessToken access) {
        EdgeSession owner = session;
        if (owner != null && owner.kind() == EdgeSession.Kind.OIDC) {
            session = owner.renewed(token, access);
            services.registry().renewed(this);
        }
    }

    /** When its session ends if nothing is done about it. */
    Optional<Instant> endsAt() {
        return session().flatMap(EdgeSession::endsAt);
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public RouterSettings.EdgeListener settings() {
        return settings;
    }

    Instant connectedAt() {
        return connectedAt;
    }

    @Override
    public Transit transit() {
        return transit;
    }

    /** Tells the audit of an answer that refuses; of others nothing. */
    void tellRefusal(RefusalReporter.Door door, Message answer) {
        if (answer.contentType() == EdgeContentType.STATE_CLOSED) {
            EdgeSession owner = session;
            services.parts()
                    .refusals()
                    .refused(
                            door,
                            owner == null ? "nobody known" : "identity " + owner.identityId(),
                            channel.peer().remoteAddress(),
                            "a service",
                            answer.bodyText());
        }
    }

    Optional<EdgeSession> session() {
        return Optional.ofNullable(session);
    }

    // ---- messages

    @Override
    public void onMessage(Message message) {
        EdgeSession owner = session;
        if (owner == null) {
            return;
        }
        switch (message.contentType()) {
            case EdgeContentType.DATA, EdgeContentType.STATE_CLOSED, EdgeContentType.TRACE_ROUTE ->
                toConnection(message);
            case EdgeContentType.XG_PAYLOAD,
                    EdgeContentType.XG_ACKNOWLEDGEMENT,
                    EdgeContentType.XG_CONTROL,
                    EdgeContentType.XG_CLOSE -> toRelay(message);
            case EdgeContentType.CONNECT -> dials.connect(owner, message);
            case EdgeContentType.CONNECT_V2 -> dials.connectV2(owner, message);
            case EdgeContentType.BIND -> binds.bind(owner, message);
            case EdgeContentType.UNBIND -> binds.unbind(owner, message);
            case EdgeContentType.UPDATE_BIND -> binds.updateBind(owner, message);
            case EdgeContentType.HEALTH_EVENT -> binds.healthEvent(owner, message);
            case EdgeContentType.UPDATE_TOKEN -> tokens.update(owner, message);
            default -> LOG.debug("{}: dropped a message of type {}", this, message.contentType());
        }
    }

    private void toConnection(Message message) {
        OptionalInt id = message.headers().int32(EdgeHeader.CONN_ID);
        if (id.isEmpty()) {
            return;
        }
        Entry entry = connections.get(id.getAsInt());
        if (entry != null) {
            entry.end.onMessage(message);
        } else if (message.contentType() == EdgeContentType.STATE_CLOSED) {
            services.hosted().tell(new HostedServices.ListenerClosed(this, id.getAsInt()));
        }
    }

    private void toRelay(Message message) {
        CircuitId.of(message).map(relays::get).ifPresent(relay -> relay.fromSdk(message));
    }

    // ---- connections

    /** Takes an id for a connection that is about to be made; false when it is in use. */
    @Override
    public boolean reserve(int connId, SdkEnd placeholder, Grant grant) {
        if (connections.size() >= MAX_CONNECTIONS) {
            return false;
        }
        boolean taken = connections.putIfAbsent(connId, new Entry(placeholder, grant)) == null;
        if (taken) {
            services.registry().granted(this, grant);
        }
        if (taken && closed) {
            release(connId);
        }
        return taken && !closed;
    }

    /** Puts the connection in its placeholder's stead; false when that is gone: then the caller ends the connection. */
    @Override
    public boolean occupy(int connId, SdkEnd placeholder, SdkEnd end, Grant grant) {
        if (end instanceof SdkRelay relay) {
            relays.put(relay.circuit(), relay);
        }
        Entry[] reserved = new Entry[1];
        connections.computeIfPresent(connId, (id, entry) -> {
            if (entry.end != placeholder) {
                return entry;
            }
            // Of the same grant as its placeholder, under which it is registered.
            reserved[0] = new Entry(end, entry.grant);
            return reserved[0];
        });
        if (reserved[0] == null || closed) {
            release(connId, end);
            return false;
        }
        return true;
    }

    /** A fresh id for a connection that a Dial of ours opens, reserved for it. */
    @Override
    public int reserveChild(SdkEnd placeholder, Grant grant) {
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            int id = nextChild.getAndUpdate(n -> n == -1 ? FIRST_CHILD : n + 1);
            if (reserve(id, placeholder, grant)) {
                return id;
            }
        }
        throw new IllegalStateException("no free connection id");
    }

    void release(int connId) {
        gone(connections.remove(connId));
    }

    private void gone(@Nullable Entry entry) {
        if (entry != null) {
            services.registry().released(this, entry.grant);
        }
    }

    /** Frees the id if it is still this one's; whether it was. */
    @Override
    public boolean release(int connId, SdkEnd end) {
        if (end instanceof SdkRelay relay) {
            relays.remove(relay.circuit(), relay);
        }
        Entry entry = connections.get(connId);
        boolean its = entry != null && entry.end == end && connections.remove(connId, entry);
        if (its) {
            gone(entry);
        }
        return its;
    }

    // ---- rights

    /** Looks at everything that {@code change} may have touched, and closes what has no right any more. */
    void revalidate(RouterDataModel.Change change) {
        EdgeSession owner = session;
        if (owner == null) {
            return;
        }
        if (change.touches(owner.identityId()) && !checkIdentity()) {
            return;
        }
        if (change.everything()
                && !SdkAuthenticator.admits(services.parts(), channel.peer().certificates())) {
            close("client certificate is not trusted any more");
            return;
        }
        checkSession();
        revoke(
                grant -> grant.type() == PolicyType.DIAL
                        && change.touches(owner.identityId(), grant.service())
                        && !grant.judge(services.parts().model(), owner),
                "dial access lost");
    }

    /** Closes the connections whose right {@code lost} names. */
    @Override
    public void revoke(Predicate<Grant> lost, String text) {
        List<Entry> ended = new ArrayList<>();
        connections.values().forEach(entry -> {
            if (lost.test(entry.grant)) {
                ended.add(entry);
            }
        });
        ended.forEach(entry -> entry.end.revoke(text));
    }

    /** Closes the channel when its access token has expired or was revoked, or its certificate is over. */
    void checkSession() {
        EdgeSession owner = session;
        if (owner == null) {
            return;
        }
        Instant now = services.parts().clock().instant();
        Optional<String> ended =
                owner.access().flatMap(access -> access.endedBy(services.parts().model(), now));
        if (ended.isEmpty()
                && owner.certificateEnds().filter(end -> !end.isAfter(now)).isPresent()) {
            ended = Optional.of("client certificate expired");
        }
        ended.ifPresent(this::close);
    }

    /** Closes the channel when its certificate was one of its session's and is not any more. */
    void checkCertificate(LegacyApiSession known) {
        EdgeSession owner = session;
        if (owner != null && owner.listed() && !known.fingerprints().contains(owner.fingerprint())) {
            close("client certificate is not one of its API session any more");
        }
    }

    /** False, and the channel is closed, when its identity was disabled or deleted. */
    private boolean checkIdentity() {
        EdgeSession owner = session;
        if (owner == null) {
            return true;
        }
        Optional<RouterDataModel.IdentityEntry> identity =
                services.parts().model().identity(owner.identityId());
        if (identity.isEmpty() ? identitySeen : identity.get().disabled()) {
            close(identity.isEmpty() ? "identity deleted" : "identity disabled");
            return false;
        }
        identitySeen |= identity.isPresent();
        return true;
    }

    void close(String reason) {
        if (channel.isClosed()) {
            return;
        }
        LOG.info("{} closed: {}", this, reason);
        try {
            endCircuits(reason);
        } finally {
            channel.close(reason);
        }
    }

    /** Tells of the end of each connection, which applications hear sooner than that of their channel, and why. */
    void endCircuits(String reason) {
        revoke(grant -> true, reason);
    }

    /** The service sessions in use by its connections. */
    List<String> serviceSessionTokens() {
        return connections.values().stream()
                .map(entry -> entry.grant.token())
                .distinct()
                .toList();
    }

    int connectionCount() {
        return connections.size();
    }

    @Override
    public void onClosed(String reason) {
        closed = true;
        services.registry().remove(this);
        transit.close();
        services.hosted().tell(new HostedServices.ConnectionClosed(this));
        List.copyOf(connections.values()).forEach(entry -> entry.end.onChannelClosed());
        List.copyOf(connections.keySet()).forEach(this::release);
        relays.clear();
    }

    @Override
    public String toString() {
        EdgeSession owner = session;
        return "edge channel " + channel.connectionId() + (owner == null ? "" : " of identity " + owner.identityId());
    }

    private record Entry(SdkEnd end, Grant grant) {}
}
