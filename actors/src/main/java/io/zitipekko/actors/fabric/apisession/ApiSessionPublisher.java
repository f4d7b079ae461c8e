package io.zitipekko.actors.fabric.apisession;

import com.google.protobuf.MessageLite;
import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.RouterStatus.SyncStatus;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.SessionId;
import io.zitipekko.actors.model.type.ApiSessionCertificates;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Sessions;
import io.zitipekko.actors.model.view.Leftovers;
import io.zitipekko.actors.session.token.InvalidTokenException;
import io.zitipekko.actors.session.token.ServiceSessionTokens;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.edge.ApiSessionAdded;
import io.zitipekko.transport.control.proto.edge.ApiSessionRemoved;
import io.zitipekko.transport.control.proto.edge.ApiSessionUpdated;
import io.zitipekko.transport.control.proto.edge.ClientHello;
import io.zitipekko.transport.control.proto.edge.Listener;
import io.zitipekko.transport.control.proto.edge.SessionRemoved;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Keeps every edge router's table of legacy API sessions in step with the model (protocol/03 section 11): all of them after the router's hello, then
 * each change, made into a message once and sent to all. Full states and increments are taken from the same sequence of commits, so that none
 * is missed in between. Resumed when it fails; a router that finds a hole asks for everything again.
 */
public final class ApiSessionPublisher extends AbstractBehavior<ApiSessionPublisher.Command> {
    private static final int CHUNK = 100;
    private static final int REMOVED_AT_ONCE = 1000;

    /** What this actor takes. */
    public sealed interface Command {}

    /** A router answered ServerHello. */
    public record HelloAnswered(ConnectedRouter router, ClientHello hello) implements Command {}

    /** A router lost track. */
    public record Resync(ConnectedRouter router) implements Command {}

    /** A router asks which of these service-session tokens are still good. */
    public record ValidateSessions(ConnectedRouter router, List<String> tokens) implements Command {}

    /** A router's control channel closed. */
    public record Disconnected(ConnectedRouter router) implements Command {}

    /** The model changed. */
    public record Committed(Model.Commit commit) implements Command {}

    private final ServiceSessionTokens tokens;
    private final Set<ConnectedRouter> synced = new LinkedHashSet<>();
    /** Those that have asked about sessions, or were told of them: from then on they hear of each that ends. */
    private final Set<ConnectedRouter> followers = new LinkedHashSet<>();

    private ModelView view;

    public static Behavior<Command> create(FabricState state, ServiceSessionTokens tokens) {
        Behavior<Command> behavior = Behaviors.setup(
                context -> new ApiSessionPublisher(context, state.model().view(), tokens));
        return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.resume());
    }

    private ApiSessionPublisher(ActorContext<Command> context, ModelView view, ServiceSessionTokens tokens) {
        super(context);
        this.view = view;
        this.tokens = tokens;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(HelloAnswered.class, this::helloAnswered)
                .onMessage(Resync.class, resync -> fullState(resync.router()))
                .onMessage(ValidateSessions.class, this::validateSessions)
                .onMessage(Committed.class, this::committed)
                .onMessage(Disconnected.class, gone -> {
                    synced.remove(gone.router());
                    followers.remove(gone.router());
                    return this;
                })
                .build();
    }

    private Behavior<Command> helloAnswered(HelloAnswered answered) {
        ConnectedRouter router = answered.router();
        Map<String, String> protocols = new LinkedHashMap<>();
        String hostname = answered.hello().getHostname();
        for (Listener listener : answered.hello().getListenersList()) {
            var advertise = listener.getAdvertise();
            if (!advertise.getHostname().isBlank() && advertise.getPort() > 0 && advertise.getPort() <= 65535) {
                String host = advertise.getHostname();
                String bracketed = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
                protocols.put(
                        advertise.getProtocol(),
                        advertise.getProtocol() + "://" + bracketed + ":" + advertise.getPort());
                hostname = hostname.isBlank() ? host : hostname;
            }
        }
        String shown = hostname;
        router.update(s -> s.withEdge(shown, protocols, SyncStatus.IN_PROGRESS));
        return fullState(router);
    }

    private Behavior<Command> fullState(ConnectedRouter router) {
        if (router.isClosed()) {
            return this;
        }
        synced.add(router);
        followers.add(router);
        String syncId = UUID.randomUUID().toString();
        List<ApiSession> all = new ArrayList<>(view.all(ApiSessions.TYPE));
        all.removeIf(session -> !Leftovers.stands(view, ApiSessions.TYPE, session));
        // One message even when there are none: a router that was away may still hold some.
        for (int from = 0, sequence = 0; from < Math.max(1, all.size()); from += CHUNK, sequence++) {
            int to = Math.min(all.size(), from + CHUNK);
            ApiSessionAdded.Builder chunk = ApiSessionAdded.newBuilder().setIsFullState(true);
            all.subList(from, to).forEach(s -> chunk.addApiSessions(wire(s)));
            router.send(
                    Lane.DEFAULT,
                    message(ControlContentType.API_SESSION_ADDED, syncId, sequence, to == all.size(), chunk.build()));
        }
        router.update(s -> s.withSyncStatus(SyncStatus.DONE));
        return this;
    }

    private static Message message(int contentType, String syncId, int sequence, boolean last, MessageLite body) {
        // The id is a UUID and the rest numbers: nothing needs escaping.
        String state = "{\"id\":\"" + syncId + "\",\"isLast\":" + last + ",\"sequence\":" + sequence + "}";
        return Message.of(
                contentType,
                Headers.builder()
                        .string(ControlHeader.SYNC_STRATEGY_TYPE, "instant")
                        .string(ControlHeader.SYNC_STRATEGY_STATE, state)
                        .build(),
                body.toByteArray());
    }

    /** A session as routers get it, with every certificate that may open an edge connection for it. */
    private io.zitipekko.transport.control.proto.edge.ApiSession wire(ApiSession session) {
        Set<String> fingerprints = new LinkedHashSet<>();
        session.certFingerprints().forEach(f -> fingerprints.add(f.hex()));
        view.findAll(
                        ApiSessionCertificates.TYPE,
                        ApiSessionCertificates.BY_API_SESSION,
                        session.id().value())
                .forEach(c -> fingerprints.add(c.fingerprint().hex()));
        return io.zitipekko.transport.control.proto.edge.ApiSession.newBuilder()
                .setToken(session.token())
                .setId(session.id().value())
                .setIdentityId(session.identityId().value())
                .addAllCertFingerprints(fingerprints)
                .build();
    }

    private Behavior<Command> committed(Committed committed) {
        Model.Commit commit = committed.commit();
        if (commit.after().index() <= view.index()) {
            return this;
        }
        boolean skipped = commit.after().index() != view.index() + 1;
        view = commit.after();
        if (skipped) {
            // A state was installed as a whole: nobody can be led there step by step.
            List.copyOf(synced).forEach(this::fullState);
            return this;
        }
        Map<String, ApiSession> added = new LinkedHashMap<>();
        Map<String, ApiSession> updated = new LinkedHashMap<>();
        for (Change change : commit.changeSet().changes()) {
            if (change.type() == ApiSessions.TYPE) {
                apiSessionChanged(commit, change, added, updated);
            } else if (change.type() == ApiSessionCertificates.TYPE) {
                certificateChanged(commit, change, updated);
            }
        }
        // Routers hear at once of all that ended with what was deleted, though their removal takes more commits than
        // this one.
        Map<String, ApiSession> removed = new LinkedHashMap<>();
        Set<String> removedSessions = new LinkedHashSet<>();
        for (Entity ended : Leftovers.ended(commit)) {
            if (ended instanceof ApiSession session) {
                removed.put(session.id().value(), session);
            } else if (ended instanceof Session session) {
                removedSessions.add(session.id().value());
            }
        }
        added.keySet().forEach(updated::remove);
        removed.keySet().forEach(updated::remove);
        publishRemovals(removed, removedSessions);
        if (!added.isEmpty()) {
            ApiSessionAdded.Builder body = ApiSessionAdded.newBuilder();
            added.values().forEach(s -> body.addApiSessions(wire(s)));
            toAll(Message.of(
                    ControlContentType.API_SESSION_ADDED,
                    Headers.EMPTY,
                    body.build().toByteArray()));
        }
        if (!updated.isEmpty()) {
            ApiSessionUpdated.Builder body = ApiSessionUpdated.newBuilder();
            updated.values().forEach(s -> body.addApiSessions(wire(s)));
            toAll(Message.of(
                    ControlContentType.API_SESSION_UPDATED,
                    Headers.EMPTY,
                    body.build().toByteArray()));
        }
        return this;
    }

    private static void apiSessionChanged(
            Model.Commit commit, Change change, Map<String, ApiSession> added, Map<String, ApiSession> updated) {
        Optional<ApiSession> before = commit.before().get(ApiSessions.TYPE, change.id());
        Optional<ApiSession> after = commit.after().get(ApiSessions.TYPE, change.id());
        String id = change.id().value();
        if (after.isEmpty()) {
            return;
        }
        if (before.isEmpty()) {
            added.put(id, after.get());
        } else if (!before.get().certFingerprints().equals(after.get().certFingerprints())
                || !before.get().token().equals(after.get().token())) {
            updated.put(id, after.get());
        }
    }

    private static void certificateChanged(Model.Commit commit, Change change, Map<String, ApiSession> updated) {
        commit.after()
                .get(ApiSessionCertificates.TYPE, change.id())
                .or(() -> commit.before().get(ApiSessionCertificates.TYPE, change.id()))
                .flatMap(c -> Leftovers.standing(commit.after(), ApiSessions.TYPE, c.apiSessionId()))
                .ifPresent(s -> updated.put(s.id().value(), s));
    }

    private void publishRemovals(Map<String, ApiSession> removed, Set<String> removedSessions) {
        for (List<ApiSession> chunk : chunks(List.copyOf(removed.values()))) {
            ApiSessionRemoved.Builder body = ApiSessionRemoved.newBuilder();
            chunk.forEach(s -> body.addTokens(s.token()).addIds(s.id().value()));
            toFollowers(Message.of(
                    ControlContentType.API_SESSION_REMOVED,
                    Headers.EMPTY,
                    body.build().toByteArray()));
        }
        for (List<String> chunk : chunks(List.copyOf(removedSessions))) {
            // The tokens are signed texts that are stored nowhere; routers know a session by the id in its token.
            toFollowers(Message.of(
                    ControlContentType.SESSION_REMOVED,
                    Headers.EMPTY,
                    SessionRemoved.newBuilder()
                            .addAllTokens(chunk)
                            .addAllIds(chunk)
                            .build()
                            .toByteArray()));
        }
    }

    private static <T> List<List<T>> chunks(List<T> all) {
        List<List<T>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += REMOVED_AT_ONCE) {
            chunks.add(all.subList(from, Math.min(all.size(), from + REMOVED_AT_ONCE)));
        }
        return chunks;
    }

    private void toFollowers(Message message) {
        followers.forEach(router -> router.send(Lane.DEFAULT, message));
    }

    private void toAll(Message message) {
        synced.forEach(router -> router.send(Lane.DEFAULT, message));
    }

    private Behavior<Command> validateSessions(ValidateSessions request) {
        if (!request.router().isClosed()) {
            // It may ask before its full state is sent; what ends in between must not be lost on it.
            followers.add(request.router());
        }
        List<String> gone = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (String token : new HashSet<>(request.tokens())) {
            Optional<SessionId> id = sessionId(token);
            Optional<Session> session = id.flatMap(i -> Leftovers.standing(view, Sessions.TYPE, i));
            if (session.isEmpty()) {
                gone.add(token);
                ids.add(id.map(SessionId::value).orElse(token));
            }
        }
        if (!gone.isEmpty()) {
            request.router()
                    .send(
                            Lane.DEFAULT,
                            ControlContentType.SESSION_REMOVED,
                            SessionRemoved.newBuilder()
                                    .addAllTokens(gone)
                                    .addAllIds(ids)
                                    .build());
        }
        return this;
    }

    private Optional<SessionId> sessionId(String token) {
        try {
            return Optional.of(tokens.verify(token).sessionId());
        } catch (InvalidTokenException e) {
            return Optional.empty();
        }
    }
}
