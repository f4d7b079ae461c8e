package io.zitipekko.actors.fabric.control;

import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Passes what arrives on a control channel to its {@link RouterActor}. Until that is started the channel reads no more, and the few messages that were
 * under way wait here.
 */
final class RouterChannelHandler implements ChannelHandler {
    private final ConnectedRouters routers;
    private final ActorRef<Routers.Command> registry;
    private final Object lock = new Object();
    private final Deque<RouterActor.Command> early = new ArrayDeque<>();
    private volatile @Nullable ActorRef<RouterActor.Command> actor;
    private volatile @Nullable ConnectedRouter router;

    RouterChannelHandler(ConnectedRouters routers, ActorRef<Routers.Command> registry) {
        this.routers = routers;
        this.registry = registry;
    }

    /** Said before the channel may be closed, from the thread that opens it. */
    void belongsTo(ConnectedRouter connected) {
        router = connected;
    }

    void attach(ActorRef<RouterActor.Command> newActor) {
        synchronized (lock) {
            early.forEach(newActor::tell);
            early.clear();
            actor = newActor;
        }
    }

    private void tell(RouterActor.Command command) {
        ActorRef<RouterActor.Command> now = actor;
        if (now == null) {
            synchronized (lock) {
                now = actor;
                if (now == null) {
                    early.add(command);
                    return;
                }
            }
        }
        now.tell(command);
    }

    @Override
    public void onMessage(Message message) {
        ConnectedRouter from = router;
        if (from != null && from.isDismissed()) {
            return;
        }
        tell(new RouterActor.Received(message));
    }

    @Override
    public void onClosed(String reason) {
        ConnectedRouter closed = Objects.requireNonNull(router);
        // At once, not by way of the actor: the router may come back this very moment.
        routers.unregister(closed);
        tell(RouterActor.ChannelClosed.INSTANCE);
        registry.tell(new Routers.Closed(closed, reason));
    }
}
