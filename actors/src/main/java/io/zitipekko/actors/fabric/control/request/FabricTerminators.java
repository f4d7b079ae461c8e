package io.zitipekko.actors.fabric.control.request;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.actors.fabric.control.Routers;
import io.zitipekko.actors.fabric.terminator.TerminatorDirectory;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Terminators;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.Results;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.proto.CreateTerminatorRequest;
import io.zitipekko.transport.control.proto.RemoveTerminatorRequest;
import io.zitipekko.transport.control.proto.RemoveTerminatorsRequest;
import io.zitipekko.transport.control.proto.TerminatorPrecedence;
import io.zitipekko.transport.control.proto.UpdateTerminatorRequest;
import io.zitipekko.transport.control.proto.ValidateTerminatorsV2Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Terminators that routers make, change and remove as fabric members (protocol/03 section 10): 1011, 1012, 1018, 1038, and the answers to validation.
 * Those made with 1011 belong to the configured model, because nobody announces them again. A router acts only on its own.
 */
public final class FabricTerminators implements ControlRequests.Subject {
    private static final int MAX_COST = 65535;

    private final FabricState state;
    private final ActorRef<Routers.Command> routers;

    public FabricTerminators(FabricState state, ActorRef<Routers.Command> routers) {
        this.state = state;
        this.routers = routers;
    }

    @Override
    public void register(ControlRequests.Builder handlers) {
        handlers.on(ControlContentType.CREATE_TERMINATOR, this::create)
                .on(ControlContentType.UPDATE_TERMINATOR, this::update)
                .on(ControlContentType.REMOVE_TERMINATOR, this::removeOne)
                .on(ControlContentType.REMOVE_TERMINATORS, this::removeMany)
                .on(ControlContentType.VALIDATE_TERMINATORS_V2_RESPONSE, this::validated);
    }

    private void create(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        CreateTerminatorRequest request = CreateTerminatorRequest.parseFrom(message.bodyBytes());
        Optional<Precedence> precedence = precedence(request.getPrecedence());
        String refusal = null;
        if (Integer.toUnsignedLong(request.getCost()) > MAX_COST) {
            refusal = "cost " + Integer.toUnsignedString(request.getCost()) + " (expected: 0.." + MAX_COST + ")";
        } else if (precedence.isEmpty()) {
            refusal = "unknown precedence " + request.getPrecedenceValue();
        } else if (request.getServiceId().isBlank()
                || request.getServiceId().length() > EntityId.MAX_LENGTH
                || state.model()
                        .view()
                        .get(Services.TYPE, new ServiceId(request.getServiceId()))
                        .isEmpty()) {
            refusal = "service with id " + request.getServiceId() + " not found";
        }
        if (refusal != null) {
            router.reply(Lane.DEFAULT, message, Results.failure(refusal));
            return;
        }
        Terminator terminator = new Terminator(
                new TerminatorId(UUID.randomUUID().toString()),
                Entity.Meta.created(state.now(), Map.of()),
                new ServiceId(request.getServiceId()),
                router.id(),
                request.getBinding(),
                request.getAddress(),
                request.getInstanceId(),
                request.getInstanceSecret().toByteArray(),
                request.getCost(),
                precedence.orElseThrow(),
                new PeerData(request.getPeerDataMap()).toBytes(),
                null);
        if (!state.terminators().instanceFree(terminator)) {
            router.reply(
                    Lane.DEFAULT,
                    message,
                    Results.failure("instance id '" + request.getInstanceId() + "' belongs to another host"));
            return;
        }
        propose(
                router,
                message,
                new Change.Put<>(Terminators.TYPE, terminator, null),
                terminator.id().value(),
                () -> routers.tell(new Routers.TerminatorCreated(router, terminator.id())));
    }

    private void propose(ConnectedRouter router, Message message, Change change, String text, Runnable onSuccess) {
        propose(router, List.of(change), failure -> {
            if (failure == null) {
                onSuccess.run();
                router.reply(Lane.DEFAULT, message, Results.success(text));
            } else {
                router.reply(Lane.DEFAULT, message, refusal(failure));
            }
        });
    }

    private void propose(
            ConnectedRouter router, List<Change> changes, java.util.function.Consumer<@Nullable Throwable> then) {
        state.model()
                .propose(new Proposal(
                        changes,
                        new Proposal.Author(
                                "router",
                                router.id().value(),
                                router.id().value(),
                                router.source("change terminators"))))
                .whenComplete((commit, failure) -> then.accept(failure));
    }

    private static Message refusal(Throwable failure) {
        Throwable cause = failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        boolean later = cause instanceof ModelException m
                && (m.kind() == ModelException.Kind.OVERLOADED || m.kind() == ModelException.Kind.NO_LEADER);
        String text = String.valueOf(cause.getMessage());
        return later ? Results.busy(text) : Results.failure(text);
    }

    private void update(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        UpdateTerminatorRequest request = UpdateTerminatorRequest.parseFrom(message.bodyBytes());
        Optional<Terminator> own = own(router, request.getTerminatorId());
        Optional<Precedence> precedence = precedence(request.getPrecedence());
        if (own.isEmpty()) {
            router.reply(
                    Lane.DEFAULT,
                    message,
                    Results.failure("terminator with id " + request.getTerminatorId() + " not found"));
            return;
        }
        if (request.getUpdatePrecedence() && precedence.isEmpty()
                || request.getUpdateCost() && Integer.toUnsignedLong(request.getCost()) > MAX_COST) {
            router.reply(Lane.DEFAULT, message, Results.failure("cost or precedence out of range"));
            return;
        }
        Terminator now = own.get();
        int cost = request.getUpdateCost() ? request.getCost() : now.cost();
        Precedence newPrecedence = request.getUpdatePrecedence() ? precedence.orElseThrow() : now.precedence();
        if (state.terminators().updateSoft(now.id(), cost, newPrecedence)) {
            router.reply(Lane.DEFAULT, message, Results.success(""));
            return;
        }
        Terminator changed = TerminatorDirectory.with(now, cost, newPrecedence, state.clock());
        propose(router, message, new Change.Put<>(Terminators.TYPE, changed, now), "", () -> {});
    }

    private void removeOne(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        String id = RemoveTerminatorRequest.parseFrom(message.bodyBytes()).getTerminatorId();
        Optional<Terminator> own = own(router, id);
        if (own.isEmpty()) {
            router.reply(Lane.DEFAULT, message, Results.failure("terminator with id " + id + " not found"));
        } else if (state.terminators().removeSoft(own.get().id())) {
            router.reply(Lane.DEFAULT, message, Results.success(""));
        } else {
            propose(
                    router,
                    message,
                    new Change.Delete(Terminators.TYPE, own.get().id()),
                    "",
                    () -> {});
        }
    }

    /** Ids of other routers are dropped without a word, unknown ones are fine (protocol/03 section 10). */
    private void removeMany(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        List<Change> configured = new ArrayList<>();
        for (String id : new java.util.LinkedHashSet<>(
                RemoveTerminatorsRequest.parseFrom(message.bodyBytes()).getTerminatorIdsList())) {
            own(router, id)
                    .filter(t -> !state.terminators().removeSoft(t.id()))
                    .ifPresent(t -> configured.add(new Change.Delete(Terminators.TYPE, t.id())));
        }
        if (configured.isEmpty()) {
            router.reply(Lane.DEFAULT, message, Results.success(""));
            return;
        }
        propose(
                router,
                configured,
                failure ->
                        router.reply(Lane.DEFAULT, message, failure == null ? Results.success("") : refusal(failure)));
    }

    private void validated(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        routers.tell(
                new Routers.TerminatorsValidated(router, ValidateTerminatorsV2Response.parseFrom(message.bodyBytes())));
    }

    private Optional<Terminator> own(ConnectedRouter router, String id) {
        return id.isBlank() || id.length() > EntityId.MAX_LENGTH
                ? Optional.empty()
                : state.terminators().find(new TerminatorId(id)).filter(t -> t.routerId()
                        .equals(router.id()));
    }

    private static Optional<Precedence> precedence(TerminatorPrecedence wire) {
        return switch (wire) {
            case TERMINATOR_PRECEDENCE_DEFAULT -> Optional.of(Precedence.DEFAULT);
            case TERMINATOR_PRECEDENCE_REQUIRED -> Optional.of(Precedence.REQUIRED);
            case TERMINATOR_PRECEDENCE_FAILED -> Optional.of(Precedence.FAILED);
            case UNRECOGNIZED -> Optional.empty();
        };
    }
}
