package io.zitipekko.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.zitipekko.actors.controller.ControllerGuardian;
import io.zitipekko.actors.log.ModelLogSettings;
import io.zitipekko.actors.log.ReplicatedModel;
import io.zitipekko.actors.session.token.SigningKey;
import io.zitipekko.config.ControllerFile;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.ReloadingIdentity;
import io.zitipekko.transport.identity.ServerChain;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.jspecify.annotations.Nullable;

/** A controller's actor system with its model, sessions and fabric, but without any listener: what run and init have in common. */
final class ControllerSystem {
    private final ActorSystem<ControllerGuardian.Command> system;
    private final ReplicatedModel model;
    private final ControllerGuardian.Running running;
    private final ControllerFile file;

    private ControllerSystem(
            ActorSystem<ControllerGuardian.Command> system,
            ReplicatedModel model,
            ControllerGuardian.Running running,
            ControllerFile file) {
        this.system = system;
        this.model = model;
        this.running = running;
        this.file = file;
    }

    static CompletionStage<ControllerSystem> start(ControllerFile file, Clock clock) {
        CompletableFuture<ControllerGuardian.Running> started = new CompletableFuture<>();
        AtomicReference<ReplicatedModel> model = new AtomicReference<>();
        Supplier<SigningKey> signingKey = signingKey(file);
        ActorSystem<ControllerGuardian.Command> system = ActorSystem.create(
                ControllerGuardian.create(
                        file.settings(),
                        s -> ReplicatedModel.start(s, logSettings(file)).whenComplete((m, failure) -> model.set(m)),
                        signingKey,
                        clock,
                        started),
                "ziti",
                configuration());
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        return started.thenApply(running -> new ControllerSystem(system, model.get(), running, file))
                .exceptionallyCompose(failure -> {
                    system.terminate();
                    unwatch(file);
                    return CompletableFuture.failedFuture(failure);
                });
    }

    private static Config configuration() {
        return ConfigFactory.load(ConfigFactory.parseResourcesAnySyntax("ziti-controller-node"));
    }

    private static ModelLogSettings logSettings(ControllerFile file) {
        return ModelLogSettings.alone(file.dataDir(), file.settings().nodeId(), networkId(file));
    }

    /** The same for all controllers of a network and for no other: from its trust domain and its root. */
    private static UUID networkId(ControllerFile file) {
        String root = file.settings().trust().caBundle().stream()
                .filter(c -> c.getSubjectX500Principal().equals(c.getIssuerX500Principal()))
                .findFirst()
                .map(c -> Fingerprint.of(c).hex())
                .orElse("");
        return UUID.nameUUIDFromBytes((file.settings().trustDomain() + "\n" + root).getBytes(StandardCharsets.UTF_8));
    }

    /** The key of the certificate that serves {@code edge.api.address}; read at each use, so that a renewed one is used. */
    private static Supplier<SigningKey> signingKey(ControllerFile file) {
        String address = file.settings().edgeApi().hostAndPort();
        Supplier<Identity> serving = file.web().stream()
                .filter(w -> w.bindPoints().stream().anyMatch(p -> p.address().equals(address)))
                .findFirst()
                .map(ControllerFile.WebServer::identity)
                .orElse(file.settings().identity());
        String host = TransportAddress.parse("tls:" + address).host();
        AtomicReference<Signing> last = new AtomicReference<>();
        return () -> {
            Identity now = serving.get();
            Signing known = last.get();
            // Asked for each token that is signed or verified: the certificate is searched again only when files were
            // read again.
            if (known == null || known.from() != now) {
                known = signing(now, chainFor(now, host), known);
                last.set(known);
            }
            return known.key();
        };
    }

    private static Signing signing(Identity from, ServerChain chain, @Nullable Signing known) {
        X509Certificate leaf = chain.chain().get(0);
        return known != null && known.key().certificate().equals(leaf)
                ? new Signing(from, known.key())
                : new Signing(from, SigningKey.of(leaf, chain.key()));
    }

    private record Signing(Identity from, SigningKey key) {}

    private static ServerChain chainFor(Identity identity, String host) {
        List<ServerChain> chains = identity.serverChains();
        return chains.stream()
                .filter(c -> CertificateNames.covers(c.chain().get(0), host))
                .findFirst()
                .orElseGet(() -> chains.get(0));
    }

    ActorSystem<ControllerGuardian.Command> system() {
        return system;
    }

    ControllerGuardian.Running running() {
        return running;
    }

    /**
     * Stops everything; completes when the store is closed and the shutdown's phases are over. Each phase has a bound: a TLS connection of
     * the cluster port whose other side never closes it would hold up the end of the actor system itself for ever.
     */
    CompletionStage<Done> stop() {
        return CompletableFuture.runAsync(model::close)
                .handle((done, failure) -> done)
                .thenCompose(v -> CoordinatedShutdown.get(Adapter.toClassic(system))
                        .runAll(CoordinatedShutdown.actorSystemTerminateReason()))
                .whenComplete((done, failure) -> unwatch(file));
    }

    /** Whoever stopped may take the files away. */
    private static void unwatch(ControllerFile file) {
        List<Supplier<Identity>> identities = new ArrayList<>();
        identities.add(file.settings().identity());
        file.web().forEach(web -> identities.add(web.identity()));
        ReloadingIdentity.close(identities);
    }
}
