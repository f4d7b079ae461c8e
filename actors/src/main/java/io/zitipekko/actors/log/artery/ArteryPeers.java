package io.zitipekko.actors.log.artery;

import io.zitipekko.actors.log.ModelLogSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * The members' actors, by node id: where they are, and how to ask them. This member's own actor answers from its start on, and refuses
 * until the log stands behind it.
 */
public final class ArteryPeers {
    /** Path of the actor that takes log messages, below {@code /system}; named in ziti-controller.conf too. */
    private static final String PEER_ACTOR = "ziti-model-log";

    private final ActorSystem<?> system;
    private final Duration timeout;
    private final Map<String, String> addresses = new ConcurrentHashMap<>();
    private final AtomicReference<RaftPeerActor.Handler> handler = new AtomicReference<>(ArteryPeers::notStarted);
    private final ActorRef<RaftPeerActor.Command> self;

    /**
     * @param executor handles requests of other members; may be blocked
     * @param timeout how long one request may take
     */
    public ArteryPeers(ActorSystem<?> system, ModelLogSettings settings, Executor executor) {
        this.system = system;
        this.timeout = settings.timing().request();
        settings.members().forEach(member -> addresses.put(member.nodeId(), member.address()));
        this.self = system.systemActorOf(
                RaftPeerActor.create((operation, body) -> handler.get().handle(operation, body), executor),
                PEER_ACTOR,
                DispatcherSelector.fromConfig("ziti.model-log.dispatcher"));
    }

    private static CompletionStage<byte[]> notStarted(RaftOperation operation, byte[] body) {
        return CompletableFuture.failedFuture(new IOException("this member's log is not running"));
    }

    void handleWith(RaftPeerActor.Handler logHandler) {
        handler.set(logHandler);
    }

    void handleNothing() {
        handler.set(ArteryPeers::notStarted);
    }

    /** Where a member is, {@code host:port}; learnt anew when the membership changes. */
    void moved(String nodeId, String address) {
        addresses.put(nodeId, address);
    }

    /** Ends this member's own actor. */
    public void close() {
        handleNothing();
        self.tell(RaftPeerActor.Stop.INSTANCE);
    }

    CompletableFuture<byte[]> ask(String nodeId, RaftOperation operation, byte[] body) {
        ActorRef<RaftPeerActor.Command> peer;
        try {
            peer = remote(nodeId, PEER_ACTOR);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(new IOException(e.getMessage(), e));
        }
        return AskPattern.<RaftPeerActor.Command, RaftPeerActor.Answer>ask(
                        peer,
                        replyTo -> new RaftPeerActor.Request(operation, body, replyTo),
                        timeout,
                        system.scheduler())
                .toCompletableFuture()
                .thenApply(answer -> {
                    if (answer.fault().isPresent()) {
                        throw new CompletionException(new IOException(
                                "member '" + nodeId + "': " + answer.fault().get()));
                    }
                    return answer.body();
                });
    }

    /**
     * An actor of a member.
     *
     * @param name below {@code /system}
     * @throws IllegalArgumentException for a node that is no member
     */
    public <T> ActorRef<T> remote(String nodeId, String name) {
        String address = addresses.get(nodeId);
        if (address == null) {
            throw new IllegalArgumentException(
                    "'" + nodeId + "' is not a member (expected one of " + addresses.keySet() + ")");
        }
        return ActorRefResolver.get(system)
                .resolveActorRef("pekko://" + system.name() + "@" + address + "/system/" + name);
    }
}
