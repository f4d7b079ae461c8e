package io.zitipekko.node;

import com.typesafe.config.ConfigFactory;
import io.zitipekko.actors.router.RouterGuardian;
import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.identity.ReloadingIdentity;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A router that runs, in an actor system of its own. */
public final class RouterNode {
    private static final Logger LOG = LoggerFactory.getLogger(RouterNode.class);

    private final ActorSystem<RouterGuardian.Command> system;
    private final RouterGuardian.Running running;

    private RouterNode(ActorSystem<RouterGuardian.Command> system, RouterGuardian.Running running) {
        this.system = system;
        this.running = running;
    }

    /** Completes when its listeners accept; controllers are connected to from then on. Fails with the one cause. */
    public static CompletionStage<RouterNode> start(RouterSettings settings, Clock clock) {
        EndpointsFile endpoints = new EndpointsFile(settings.controllers().endpointsFile());
        List<TransportAddress> remembered = endpoints.read();
        List<TransportAddress> controllers =
                remembered.isEmpty() ? settings.controllers().endpoints() : remembered;
        if (controllers.isEmpty()) {
            return CompletableFuture.failedFuture(new NodeException("ctrl.endpoint is missing, and "
                    + settings.controllers().endpointsFile() + " names no controller either"));
        }
        CompletableFuture<RouterGuardian.Running> started = new CompletableFuture<>();
        ActorSystem<RouterGuardian.Command> system = ActorSystem.create(
                RouterGuardian.create(
                        new RouterGuardian.Start(
                                settings,
                                controllers,
                                addresses -> CompletableFuture.runAsync(() -> endpoints.write(addresses))
                                        .exceptionally(failure -> {
                                            LOG.warn("{}", NodeException.rootMessage(failure));
                                            return null;
                                        }),
                                clock),
                        started),
                "ziti-router",
                ConfigFactory.load(ConfigFactory.parseResourcesAnySyntax("ziti-router-node")));
        system.getWhenTerminated()
                .whenComplete((done, failure) -> ReloadingIdentity.close(List.of(settings.identity())));
        return started.thenApply(running -> new RouterNode(system, running)).exceptionallyCompose(failure -> {
            system.terminate();
            return CompletableFuture.failedFuture(
                    new NodeException(NodeException.unwrapped(failure).getMessage(), failure));
        });
    }

    public RouterGuardian.Running running() {
        return running;
    }

    public CompletionStage<Done> stop() {
        system.terminate();
        return system.getWhenTerminated();
    }

    /** Completes when the router has ended, by itself or because it was stopped. */
    public CompletionStage<Done> ended() {
        return system.getWhenTerminated();
    }
}
