package io.zitipekko.api.management;

import io.zitipekko.actors.fabric.CircuitStatus;
import io.zitipekko.actors.fabric.FabricDirectory;
import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.fabric.LinkStatus;
import io.zitipekko.actors.fabric.RouterStatus;
import io.zitipekko.actors.fabric.TerminatorStatus;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.actors.model.type.Terminators;
import io.zitipekko.transport.channel.VersionInfo;
import io.zitipekko.transport.xgress.CircuitId;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A fabric whose contents a test puts in by hand. */
public final class StubFabric implements FabricDirectory {
    public final Map<String, RouterStatus> routers = new ConcurrentSkipListMap<>();
    public final Map<String, LinkStatus> links = new ConcurrentSkipListMap<>();
    public final Map<String, CircuitStatus> circuits = new ConcurrentSkipListMap<>();
    public final Map<String, TerminatorStatus> soft = new ConcurrentSkipListMap<>();
    private final Model model;

    public StubFabric(Model model) {
        this.model = model;
    }

    public void connect(String router) {
        routers.put(
                router,
                new RouterStatus(
                        new RouterId(router),
                        Instant.now(),
                        new InetSocketAddress("127.0.0.1", 1),
                        new VersionInfo("v2.1.0", "r", "d", "linux", "amd64"),
                        BigInteger.TWO,
                        List.of(new RouterStatus.LinkListener("tls:r:10080", "tls", List.of("default"), "transport")),
                        Map.of(),
                        "er.test",
                        Map.of("tls", "tls://er.test:3022"),
                        RouterStatus.SyncStatus.DONE,
                        List.of()));
    }

    @Override
    public Optional<RouterStatus> router(RouterId id) {
        return Optional.ofNullable(routers.get(id.value()));
    }

    @Override
    public List<RouterStatus> routers() {
        return List.copyOf(routers.values());
    }

    @Override
    public Optional<LinkStatus> link(LinkId id) {
        return Optional.ofNullable(links.get(id.value()));
    }

    @Override
    public List<LinkStatus> links() {
        return List.copyOf(links.values());
    }

    @Override
    public Optional<CircuitStatus> circuit(CircuitId id) {
        return Optional.ofNullable(circuits.get(id.value()));
    }

    @Override
    public List<CircuitStatus> circuits() {
        return List.copyOf(circuits.values());
    }

    @Override
    public Optional<TerminatorStatus> terminator(TerminatorId id) {
        return terminators().stream()
                .filter(t -> t.terminator().id().equals(id))
                .findFirst();
    }

    @Override
    public List<TerminatorStatus> terminators() {
        List<TerminatorStatus> all = new ArrayList<>(soft.values());
        model.view().all(Terminators.TYPE).forEach(t -> all.add(new TerminatorStatus(t, 0, false)));
        all.sort(Comparator.comparing(t -> t.terminator().id().value()));
        return all;
    }

    @Override
    public List<TerminatorStatus> terminators(ServiceId service) {
        return terminators().stream()
                .filter(t -> t.terminator().serviceId().equals(service))
                .toList();
    }

    @Override
    public List<TerminatorStatus> terminators(RouterId router) {
        return terminators().stream()
                .filter(t -> t.terminator().routerId().equals(router))
                .toList();
    }

    @Override
    public boolean isConnected(IdentityId identity) {
        return false;
    }

    @Override
    public boolean hostsAnything(IdentityId identity) {
        return false;
    }

    @Override
    public CompletionStage<Boolean> removeCircuit(CircuitId id, boolean immediate) {
        return CompletableFuture.completedFuture(circuits.remove(id.value()) != null);
    }

    @Override
    public CompletionStage<Boolean> updateLink(LinkId id, @Nullable Integer staticCost, @Nullable Boolean down) {
        LinkStatus link = links.get(id.value());
        if (link != null) {
            links.put(
                    id.value(),
                    new LinkStatus(
                            link.id(),
                            link.iteration(),
                            link.source(),
                            link.dest(),
                            link.protocol(),
                            link.dialAddress(),
                            link.state(),
                            down == null ? link.down() : down,
                            staticCost == null ? link.staticCost() : staticCost,
                            link.sourceLatency(),
                            link.destLatency(),
                            link.cost(),
                            link.connections()));
        }
        return CompletableFuture.completedFuture(link != null);
    }

    @Override
    public CompletionStage<Boolean> removeLink(LinkId id) {
        return CompletableFuture.completedFuture(links.remove(id.value()) != null);
    }

    @Override
    public boolean updateSoftTerminator(TerminatorId id, @Nullable Integer cost, @Nullable Precedence precedence) {
        TerminatorStatus status = soft.get(id.value());
        if (status == null) {
            return false;
        }
        Terminator t = status.terminator();
        soft.put(
                id.value(),
                new TerminatorStatus(
                        new Terminator(
                                t.id(),
                                t.meta(),
                                t.serviceId(),
                                t.routerId(),
                                t.binding(),
                                t.address(),
                                t.instanceId(),
                                t.instanceSecret(),
                                cost == null ? t.cost() : cost,
                                precedence == null ? t.precedence() : precedence,
                                t.peerData(),
                                t.hostId()),
                        status.dynamicCost(),
                        true));
        return true;
    }

    @Override
    public boolean removeSoftTerminator(TerminatorId id) {
        return soft.remove(id.value()) != null;
    }

    @Override
    public CompletionStage<Inspection> inspect(RouterId router, Collection<String> names, Duration timeout) {
        return CompletableFuture.completedFuture(
                new Inspection(true, List.of(), Map.of("links", "{\"count\":1}", "plain", "text")));
    }
}
