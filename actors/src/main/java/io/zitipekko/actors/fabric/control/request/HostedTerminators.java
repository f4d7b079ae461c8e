package io.zitipekko.actors.fabric.control.request;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.event.AccessRefused;
import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.control.ConnectedRouter;
import io.zitipekko.actors.fabric.control.Routers;
import io.zitipekko.actors.fabric.terminator.HostedBy;
import io.zitipekko.actors.fabric.terminator.TerminatorDirectory;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.session.DialAuthorizer;
import io.zitipekko.actors.session.DialDecision;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.EdgeError;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorResult;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Request;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Response;
import io.zitipekko.transport.control.proto.edge.CreateTunnelTerminatorRequestV2;
import io.zitipekko.transport.control.proto.edge.CreateTunnelTerminatorResponseV2;
import io.zitipekko.transport.control.proto.edge.RemoveTerminatorRequest;
import io.zitipekko.transport.control.proto.edge.TerminatorPrecedence;
import io.zitipekko.transport.control.proto.edge.UpdateTerminatorRequest;
import io.zitipekko.transport.control.proto.edge.UpdateTunnelTerminatorRequest;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.RetryHint;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Terminators of what SDKs and embedded tunnelers host at a router (protocol/03 section 10): 20216, 20209, 20211, 20413, 20408, 20410. They are soft: kept
 * in the {@link TerminatorDirectory}, never written to the log, announced again by the router when it reconnects.
 */
public final class HostedTerminators implements ControlRequests.Subject {
    private static final int MAX_COST = 65535;

    private record Refusal(EdgeErrorCode code, RetryHint hint, String text) {}

    private final FabricState state;
    private final DialAuthorizer authorizer;
    private final ActorRef<Routers.Command> routers;

    public HostedTerminators(FabricState state, DialAuthorizer authorizer, ActorRef<Routers.Command> routers) {
        this.state = state;
        this.authorizer = authorizer;
        this.routers = routers;
    }

    @Override
    public void register(ControlRequests.Builder handlers) {
        handlers.on(ControlContentType.CREATE_TERMINATOR_V2_REQUEST, this::create)
                .on(ControlContentType.EDGE_UPDATE_TERMINATOR_REQUEST, this::update)
                .on(ControlContentType.EDGE_REMOVE_TERMINATOR_REQUEST, this::remove)
                .on(ControlContentType.CREATE_TUNNEL_TERMINATOR_V2_REQUEST, this::createTunnel)
                .on(ControlContentType.UPDATE_TUNNEL_TERMINATOR_REQUEST, this::updateTunnel)
                .on(ControlContentType.REMOVE_TUNNEL_TERMINATOR_REQUEST, this::removeTunnel);
    }

    private void create(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        CreateTerminatorV2Request request = CreateTerminatorV2Request.parseFrom(message.bodyBytes());
        Refusal refusal = null;
        DialDecision decision = authorizer.decide(
                request.getApiSessionToken(), request.getSessionToken(), PolicyType.BIND, router.id());
        if (decision instanceof DialDecision.Denied denied) {
            refusal = refusal(denied);
        } else if (decision instanceof DialDecision.Allowed allowed) {
            refusal = malformed(request.getAddress(), request.getCost(), precedence(request.getPrecedence()));
            if (refusal == null) {
                Terminator terminator = new Terminator(
                        new TerminatorId(request.getAddress()),
                        Entity.Meta.created(state.now(), Map.of()),
                        allowed.service().id(),
                        router.id(),
                        "edge",
                        request.getAddress(),
                        request.getInstanceId(),
                        request.getInstanceSecret().toByteArray(),
                        request.getCost(),
                        precedence(request.getPrecedence()).orElseThrow(),
                        new PeerData(request.getPeerDataMap()).toBytes(),
                        allowed.identity().id());
                refusal = announce(
                        router, terminator, new HostedBy(allowed.apiSession().id(), allowed.sessionId()));
                if (refusal == null) {
                    refusal = lostMeanwhile(router, allowed, terminator);
                }
            }
        }
        CreateTerminatorV2Response.Builder answer =
                CreateTerminatorV2Response.newBuilder().setTerminatorId(request.getAddress());
        if (refusal == null) {
            answer.setResult(CreateTerminatorResult.SUCCESS);
        } else {
            refused(router, request.getAddress(), refusal);
            answer.setResult(
                            refusal.hint() == RetryHint.TOO_BUSY
                                    ? CreateTerminatorResult.FAILED_BUSY
                                    : CreateTerminatorResult.FAILED_OTHER)
                    .setMsg(refusal.text())
                    .setErrorCode(refusal.code().code())
                    .setRetryHint(refusal.hint().code());
        }
        router.reply(Lane.DEFAULT, message, ControlContentType.CREATE_TERMINATOR_V2_RESPONSE, answer.build());
    }

    /** What was lost between the decision and the entry in the directory, nobody told the directory. */
    private @Nullable Refusal lostMeanwhile(
            ConnectedRouter router, DialDecision.Allowed allowed, Terminator terminator) {
        if (authorizer.confirm(allowed, PolicyType.BIND, router.id()) instanceof DialDecision.Denied denied) {
            state.terminators().removeSoft(terminator.id());
            return refusal(denied);
        }
        return null;
    }

    private static Refusal refusal(DialDecision.Denied denied) {
        return new Refusal(
                EdgeErrorCode.of(denied.refusal().code()),
                RetryHint.of(denied.refusal().retryHint()),
                denied.text());
    }

    private @Nullable Refusal malformed(String address, int cost, Optional<Precedence> precedence) {
        if (address.isBlank() || address.length() > EntityId.MAX_LENGTH) {
            return new Refusal(
                    EdgeErrorCode.INVALID_TERMINATOR,
                    RetryHint.NOT_RETRIABLE,
                    "terminator id (address) of " + address.length() + " characters (expected: 1 to "
                            + EntityId.MAX_LENGTH + ", not blank)");
        }
        if (Integer.toUnsignedLong(cost) > MAX_COST) {
            return new Refusal(
                    EdgeErrorCode.INVALID_COST,
                    RetryHint.NOT_RETRIABLE,
                    "cost " + Integer.toUnsignedString(cost) + " (expected: 0.." + MAX_COST + ")");
        }
        return precedence.isPresent()
                ? null
                : new Refusal(EdgeErrorCode.INVALID_PRECEDENCE, RetryHint.NOT_RETRIABLE, "unknown precedence");
    }

    /** @param by nothing for what a router itself hosts */
    private @Nullable Refusal announce(ConnectedRouter router, Terminator terminator, @Nullable HostedBy by) {
        return switch (state.terminators().announce(terminator, by)) {
            case CREATED -> {
                routers.tell(new Routers.TerminatorCreated(router, terminator.id()));
                yield null;
            }
            case UPDATED -> null;
            case ID_TAKEN ->
                new Refusal(
                        EdgeErrorCode.INTERNAL,
                        RetryHint.NOT_RETRIABLE,
                        "terminator id '" + terminator.id() + "' belongs to another service, router or host");
            case INSTANCE_TAKEN ->
                new Refusal(
                        EdgeErrorCode.INVALID_INSTANCE_ID,
                        RetryHint.NOT_RETRIABLE,
                        "instance id '" + terminator.instanceId() + "' belongs to another identity");
            case TOO_MANY ->
                new Refusal(
                        EdgeErrorCode.INTERNAL,
                        RetryHint.TOO_BUSY,
                        "router " + router.id() + " has " + TerminatorDirectory.MAX_PER_ROUTER + " terminators");
        };
    }

    private void refused(ConnectedRouter router, String id, Refusal refusal) {
        state.events()
                .publish(new AccessRefused(
                        state.now(),
                        AccessRefused.Door.TERMINATOR,
                        "router " + router.id(),
                        router.remoteAddress(),
                        "terminator " + id,
                        refusal.text()));
    }

    private void update(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        UpdateTerminatorRequest request = UpdateTerminatorRequest.parseFrom(message.bodyBytes());
        Refusal refusal =
                notOf(router, request.getTerminatorId(), request.getApiSessionToken(), request.getSessionToken());
        if (refusal == null) {
            refusal = change(
                    request.getTerminatorId(),
                    request.getUpdateCost() ? request.getCost() : null,
                    request.getUpdatePrecedence(),
                    precedence(request.getPrecedence()));
        }
        answer(router, message, ControlContentType.EDGE_UPDATE_TERMINATOR_RESPONSE, refusal);
    }

    private void remove(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        RemoveTerminatorRequest request = RemoveTerminatorRequest.parseFrom(message.bodyBytes());
        Refusal refusal =
                notOf(router, request.getTerminatorId(), request.getApiSessionToken(), request.getSessionToken());
        if (refusal == null) {
            state.terminators().removeSoft(new TerminatorId(request.getTerminatorId()));
        }
        answer(router, message, ControlContentType.EDGE_REMOVE_TERMINATOR_RESPONSE, refusal);
    }

    /** Why this session at this router may not touch the terminator; null when it may. */
    private @Nullable Refusal notOf(ConnectedRouter router, String id, String apiSessionToken, String sessionToken) {
        Optional<Terminator> own = own(router, id);
        if (own.isEmpty()) {
            return unknown(id);
        }
        DialDecision decision = authorizer.decide(apiSessionToken, sessionToken, PolicyType.BIND, router.id());
        if (decision instanceof DialDecision.Denied denied) {
            return refusal(denied);
        }
        DialDecision.Allowed allowed = (DialDecision.Allowed) decision;
        return allowed.service().id().equals(own.get().serviceId())
                        && allowed.identity().id().equals(own.get().hostId())
                ? null
                : unknown(id);
    }

    private static Refusal unknown(String id) {
        return new Refusal(
                EdgeErrorCode.INVALID_TERMINATOR, RetryHint.NOT_RETRIABLE, "terminator with id " + id + " not found");
    }

    private @Nullable Refusal change(
            String id, @Nullable Integer cost, boolean updatePrecedence, Optional<Precedence> precedence) {
        if (cost != null && Integer.toUnsignedLong(cost) > MAX_COST) {
            return new Refusal(EdgeErrorCode.INVALID_COST, RetryHint.NOT_RETRIABLE, "cost out of range");
        }
        if (updatePrecedence && precedence.isEmpty()) {
            return new Refusal(EdgeErrorCode.INVALID_PRECEDENCE, RetryHint.NOT_RETRIABLE, "unknown precedence");
        }
        return state.terminators()
                        .updateSoft(new TerminatorId(id), cost, updatePrecedence ? precedence.orElseThrow() : null)
                ? null
                : unknown(id);
    }

    private static void answer(ConnectedRouter router, Message message, int contentType, @Nullable Refusal refusal) {
        router.reply(
                Lane.DEFAULT,
                message,
                refusal == null
                        ? Message.of(contentType, Headers.EMPTY, ByteString.emptyByteString())
                        : EdgeError.of(refusal.code(), refusal.hint(), refusal.text())
                                .toMessage());
    }

    private Optional<Terminator> own(ConnectedRouter router, String id) {
        return id.isBlank() || id.length() > EntityId.MAX_LENGTH
                ? Optional.empty()
                : state.terminators().soft(new TerminatorId(id)).filter(t -> t.routerId()
                        .equals(router.id()));
    }

    private void createTunnel(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        CreateTunnelTerminatorRequestV2 request = CreateTunnelTerminatorRequestV2.parseFrom(message.bodyBytes());
        Refusal refusal = malformed(request.getAddress(), request.getCost(), precedence(request.getPrecedence()));
        if (refusal == null) {
            refusal = mayNotHost(router, request.getServiceId());
        }
        if (refusal == null) {
            refusal = announce(
                    router,
                    new Terminator(
                            new TerminatorId(request.getAddress()),
                            Entity.Meta.created(state.now(), Map.of()),
                            new ServiceId(request.getServiceId()),
                            router.id(),
                            "tunnel",
                            request.getAddress(),
                            request.getInstanceId(),
                            request.getInstanceSecret().toByteArray(),
                            request.getCost(),
                            precedence(request.getPrecedence()).orElseThrow(),
                            new PeerData(request.getPeerDataMap()).toBytes(),
                            new IdentityId(router.id().value())),
                    null);
        }
        CreateTunnelTerminatorResponseV2.Builder answer =
                CreateTunnelTerminatorResponseV2.newBuilder().setTerminatorId(request.getAddress());
        if (refusal == null) {
            answer.setStartTime(request.getStartTime()).setResult(CreateTerminatorResult.SUCCESS);
        } else {
            refused(router, request.getAddress(), refusal);
            answer.setResult(
                            refusal.hint() == RetryHint.TOO_BUSY
                                    ? CreateTerminatorResult.FAILED_BUSY
                                    : CreateTerminatorResult.FAILED_OTHER)
                    .setMsg(refusal.text())
                    .setErrorCode(refusal.code().code())
                    .setRetryHint(refusal.hint().code());
        }
        router.reply(Lane.DEFAULT, message, ControlContentType.CREATE_TUNNEL_TERMINATOR_V2_RESPONSE, answer.build());
    }

    private @Nullable Refusal mayNotHost(ConnectedRouter router, String serviceId) {
        ModelView view = state.model().view();
        IdentityId identity = new IdentityId(router.id().value());
        boolean tunneler = view.get(EdgeRouters.TYPE, router.id())
                        .map(r -> r.tunnelerEnabled())
                        .orElse(false)
                && view.get(Identities.TYPE, identity)
                        .filter(i -> i.type().equals(Identities.TYPE_ROUTER))
                        .isPresent();
        if (!tunneler) {
            return new Refusal(
                    EdgeErrorCode.TUNNELING_NOT_ENABLED,
                    RetryHint.NOT_RETRIABLE,
                    "tunneling is not enabled for router " + router.id());
        }
        if (serviceId.isBlank()
                || serviceId.length() > EntityId.MAX_LENGTH
                || view.get(Services.TYPE, new ServiceId(serviceId)).isEmpty()
                || !view.policies().allowsUnchecked(identity, new ServiceId(serviceId), PolicyType.BIND)) {
            return new Refusal(EdgeErrorCode.INVALID_SERVICE, RetryHint.NOT_RETRIABLE, "invalid service");
        }
        return view.policies().mayUse(identity, new ServiceId(serviceId), router.id())
                ? null
                : new Refusal(
                        EdgeErrorCode.ACCESS_DENIED,
                        RetryHint.DEFAULT,
                        "router " + router.id() + " may not be used for the service");
    }

    private void updateTunnel(ConnectedRouter router, Message message) throws InvalidProtocolBufferException {
        UpdateTunnelTerminatorRequest request = UpdateTunnelTerminatorRequest.parseFrom(message.bodyBytes());
        Refusal refusal = own(router, request.getTerminatorId()).isEmpty()
                ? unknown(request.getTerminatorId())
                : change(
                        request.getTerminatorId(),
                        request.getUpdateCost() ? request.getCost() : null,
                        request.getUpdatePrecedence(),
                        precedence(request.getPrecedence()));
        answer(router, message, ControlContentType.UPDATE_TUNNEL_TERMINATOR_RESPONSE, refusal);
    }

    private void removeTunnel(ConnectedRouter router, Message message) {
        String id = message.bodyText();
        Refusal refusal = own(router, id).isEmpty() ? unknown(id) : null;
        if (refusal == null) {
            state.terminators().removeSoft(new TerminatorId(id));
        }
        answer(router, message, ControlContentType.REMOVE_TUNNEL_TERMINATOR_RESPONSE, refusal);
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
