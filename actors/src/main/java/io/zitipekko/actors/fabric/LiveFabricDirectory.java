package io.zitipekko.actors.fabric;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.fabric.apisession.IdentityConnections;
import io.zitipekko.actors.fabric.circuit.CircuitActor;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.actors.fabric.link.Links;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.InspectRequest;
import io.zitipekko.transport.control.proto.InspectResponse;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.jspecify.annotations.Nullable;

/** The fabric's tables and actors, as APIs see them. */
final class LiveFabricDirectory implements FabricDirectory {
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(5);

    private final ActorSystem<?> system;
    private final FabricState state;
    private final IdentityConnections connections;
    private final ActorRef<Links.Command> links;

    LiveFabricDirectory(
            ActorSystem<?> system, FabricState state, IdentityConnections connections, ActorRef<Links.Command> links) {
        this.system = system;
        this.state = state;
        this.connections = connections;
        this.links = links;
    }

    @Override
    public Optional<RouterStatus> router(RouterId id) {
        return state.routers().get(id).map(ConnectedRouter::status);
    }

    @Override
    public List<RouterStatus> routers() {
        return state.routers().all().stream()
                .filter(r -> !r.isClosed())
                .map(ConnectedRouter::status)
                .sorted(Comparator.comparing(s -> s.id().value()))
                .toList();
    }

    @Override
    public Optional<LinkStatus> link(LinkId id) {
        return Optional.ofNullable(state.links().links().get(id));
    }

    @Override
    public List<LinkStatus> links() {
        return state.links().links().values().stream()
                .sorted(Comparator.comparing(l -> l.id().value()))
                .toList();
    }

    @Override
    public Optional<CircuitStatus> circuit(CircuitId id) {
        return state.circuits().status(id);
    }

    @Override
    public List<CircuitStatus> circuits() {
        return state.circuits().open().stream()
                .sorted(Comparator.comparing(c -> c.id().value()))
                .toList();
    }

    @Override
    public Optional<TerminatorStatus> terminator(TerminatorId id) {
        return state.terminators()
                .find(id)
                .map(t -> state.terminators().statuses(List.of(t)).get(0));
    }

    @Override
    public List<TerminatorStatus> terminators() {
        return state.terminators().all();
    }

    @Override
    public List<TerminatorStatus> terminators(ServiceId service) {
        return state.terminators().statuses(state.terminators().ofService(service));
    }

    @Override
    public List<TerminatorStatus> terminators(RouterId router) {
        return state.terminators().statuses(state.terminators().ofRouter(router));
    }

    @Override
    public boolean isConnected(IdentityId identity) {
        return connections.isConnected(identity);
    }

    @Override
    public boolean hostsAnything(IdentityId identity) {
        return state.terminators().hostsAnything(identity);
    }

    @Override
    public CompletionStage<Boolean> removeCircuit(CircuitId id, boolean immediate) {
        Optional<ActorRef<CircuitActor.Command>> owner = state.circuits().owner(id);
        if (owner.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        CompletionStage<Done> removed = AskPattern.ask(
                owner.get(),
                replyTo -> new CircuitActor.Remove(immediate, "removed by an operator", Optional.of(replyTo)),
                COMMAND_TIMEOUT,
                system.scheduler());
        return removed.thenApply(done -> true);
    }

    @Override
    public CompletionStage<Boolean> updateLink(LinkId id, @Nullable Integer staticCost, @Nullable Boolean down) {
        return AskPattern.ask(
                links, replyTo -> new Links.Update(id, staticCost, down, replyTo), COMMAND_TIMEOUT, system.scheduler());
    }

    @Override
    public CompletionStage<Boolean> removeLink(LinkId id) {
        return AskPattern.ask(links, replyTo -> new Links.Remove(id, replyTo), COMMAND_TIMEOUT, system.scheduler());
    }

    @Override
    public boolean updateSoftTerminator(TerminatorId id, @Nullable Integer cost, @Nullable Precedence precedence) {
        return state.terminators().updateSoft(id, cost, precedence);
    }

    @Override
    public boolean removeSoftTerminator(TerminatorId id) {
        return state.terminators().removeSoft(id);
    }

    @Override
    public CompletionStage<Inspection> inspect(RouterId router, Collection<String> names, Duration timeout) {
        Optional<ConnectedRouter> connected = state.routers().get(router);
        if (connected.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("router '" + router + "' is not connected"));
        }
        Message request = Message.of(
                ControlContentType.INSPECT_REQUEST,
                Headers.EMPTY,
                InspectRequest.newBuilder().addAllRequestedValues(names).build().toByteArray());
        return connected.get().request(Lane.LOW, request, timeout).thenApply(LiveFabricDirectory::inspection);
    }

    private static Inspection inspection(Message answer) {
        try {
            InspectResponse response = InspectResponse.parseFrom(answer.bodyBytes());
            Map<String, String> values = response.getValuesList().stream()
                    .collect(Collectors.toMap(
                            InspectResponse.InspectValue::getName,
                            InspectResponse.InspectValue::getValue,
                            (first, second) -> first));
            return new Inspection(response.getSuccess(), List.copyOf(response.getErrorsList()), values);
        } catch (InvalidProtocolBufferException e) {
            throw new CompletionException("the router's answer cannot be decoded", e);
        }
    }
}
