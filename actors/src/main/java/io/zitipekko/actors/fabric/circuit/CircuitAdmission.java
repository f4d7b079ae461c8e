package io.zitipekko.actors.fabric.circuit;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.session.DialAuthorizer;
import io.zitipekko.actors.session.DialDecision;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.CreateCircuitV2Request;
import io.zitipekko.transport.control.CreateCircuitV3Request;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.proto.CircuitRequest;
import io.zitipekko.transport.control.proto.edge.CreateCircuitRequest;
import io.zitipekko.transport.control.proto.edge.CreateTunnelCircuitV2Request;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import java.util.Optional;

/**
 * Decides whether a router may have the circuit that it asks for, in each way of asking (protocol/03 section 8.2). The router's id is the channel's;
 * who dials is taken from proved tokens or, for a tunneler, from the router itself. What cannot be decided is refused.
 */
final class CircuitAdmission {
    sealed interface Verdict {}

    record Admitted(CircuitDial dial) implements Verdict {}

    record Refused(EdgeErrorCode code, RetryHint hint, String text) implements Verdict {}

    private final Model model;
    private final DialAuthorizer authorizer;

    CircuitAdmission(Model model, DialAuthorizer authorizer) {
        this.model = model;
        this.authorizer = authorizer;
    }

    /** @throws InvalidProtocolBufferException or IllegalArgumentException for a request that cannot be decoded, which gets no answer */
    Verdict admit(RouterId routerId, Message request) throws InvalidProtocolBufferException {
        ModelView view = model.view();
        Optional<EdgeRouter> router = view.get(EdgeRouters.TYPE, routerId).filter(EdgeRouter::trusted);
        if (router.isEmpty()) {
            return new Refused(EdgeErrorCode.INTERNAL, RetryHint.DEFAULT, "router " + routerId + " is not known");
        }
        Verdict verdict =
                switch (request.contentType()) {
                    case ControlContentType.CREATE_CIRCUIT_V2_REQUEST -> {
                        CreateCircuitV2Request r = CreateCircuitV2Request.from(request);
                        yield forSession(
                                routerId,
                                r.apiSessionToken(),
                                r.sessionToken(),
                                r.terminatorInstanceId(),
                                r.peerData());
                    }
                    case ControlContentType.CREATE_CIRCUIT_REQUEST -> {
                        CreateCircuitRequest r = CreateCircuitRequest.parseFrom(request.bodyBytes());
                        yield forSession(
                                routerId,
                                r.getApiSessionToken(),
                                r.getSessionToken(),
                                r.getTerminatorInstanceId(),
                                new PeerData(r.getPeerDataMap()));
                    }
                    case ControlContentType.CREATE_CIRCUIT_V3_REQUEST ->
                        forAccessToken(CreateCircuitV3Request.from(request));
                    case ControlContentType.CREATE_TUNNEL_CIRCUIT_V2_REQUEST ->
                        forTunneler(view, router.get(), CreateTunnelCircuitV2Request.parseFrom(request.bodyBytes()));
                    case ControlContentType.CIRCUIT_REQUEST ->
                        forFabric(view, routerId, CircuitRequest.parseFrom(request.bodyBytes()));
                    default ->
                        new Refused(
                                EdgeErrorCode.INTERNAL,
                                RetryHint.NOT_RETRIABLE,
                                "content type " + request.contentType() + " asks for no circuit");
                };
        if (verdict instanceof Admitted admitted
                && admitted.dial().service().encryptionRequired()
                && !admitted.dial().clientData().has(EdgeHeader.PUBLIC_KEY)) {
            return new Refused(
                    EdgeErrorCode.ENCRYPTION_DATA_MISSING,
                    RetryHint.START_OVER,
                    "service '" + admitted.dial().service().name()
                            + "' requires encryption, but no public key came with the request");
        }
        return verdict;
    }

    private Verdict forSession(
            RouterId router, String apiSessionToken, String sessionToken, String instanceId, PeerData clientData) {
        DialDecision decision = authorizer.decide(apiSessionToken, sessionToken, PolicyType.DIAL, router);
        if (decision instanceof DialDecision.Denied denied) {
            return new Refused(
                    EdgeErrorCode.of(denied.refusal().code()),
                    RetryHint.of(denied.refusal().retryHint()),
                    denied.text());
        }
        DialDecision.Allowed allowed = (DialDecision.Allowed) decision;
        return new Admitted(new CircuitDial(
                allowed.service(),
                instanceId,
                naming(clientData, allowed.identity()),
                allowed.sessionId().value(),
                allowed.identity().id().value(),
                Optional.of(allowed.identity().id()),
                Optional.of(allowed.apiSession().id()),
                Optional.of(allowed.sessionId()),
                Optional.empty()));
    }

    /** The access token alone proves who asks; this controller issues none yet, so none can be good. */
    private static Verdict forAccessToken(CreateCircuitV3Request request) {
        return new Refused(
                EdgeErrorCode.INVALID_API_SESSION,
                RetryHint.START_OVER,
                request.apiSessionToken().isEmpty()
                        ? "an access token is required"
                        : "the access token was not issued by this network");
    }

    private static Verdict forTunneler(ModelView view, EdgeRouter router, CreateTunnelCircuitV2Request request) {
        Optional<Identity> identity = view.get(
                        Identities.TYPE, new IdentityId(router.id().value()))
                .filter(i -> i.type().equals(Identities.TYPE_ROUTER));
        if (!router.tunnelerEnabled() || identity.isEmpty()) {
            return new Refused(
                    EdgeErrorCode.TUNNELING_NOT_ENABLED,
                    RetryHint.NOT_RETRIABLE,
                    "tunneling is not enabled for router '" + router.name() + "'");
        }
        Optional<Service> service = view.find(Services.TYPE, Services.BY_NAME, request.getServiceName());
        if (service.isEmpty()
                || !view.policies()
                        .allowsUnchecked(identity.get().id(), service.get().id(), PolicyType.DIAL)) {
            return new Refused(EdgeErrorCode.INVALID_SERVICE, RetryHint.NOT_RETRIABLE, "invalid service");
        }
        if (!view.policies().mayUse(identity.get().id(), service.get().id(), router.id())) {
            return new Refused(
                    EdgeErrorCode.ACCESS_DENIED,
                    RetryHint.DEFAULT,
                    "router '" + router.name() + "' may not be used for service '"
                            + service.get().name() + "'");
        }
        return new Admitted(new CircuitDial(
                service.get(),
                request.getTerminatorInstanceId(),
                naming(new PeerData(request.getPeerDataMap()), identity.get()),
                router.id().value(),
                router.id().value(),
                Optional.of(identity.get().id()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private static Verdict forFabric(ModelView view, RouterId router, CircuitRequest request) {
        String addressed = request.getService();
        int at = addressed.indexOf('@');
        String instance = at < 0 ? "" : addressed.substring(0, at);
        String named = addressed.substring(at + 1);
        Optional<Service> service = named.isBlank() || named.length() > EntityId.MAX_LENGTH
                ? Optional.empty()
                : view.get(Services.TYPE, new ServiceId(named))
                        .or(() -> view.find(Services.TYPE, Services.BY_NAME, named));
        // No identity stands behind such a circuit: at least the router must be one that the service may be reached
        // over.
        if (service.isEmpty() || !view.policies().routers(service.get().id()).contains(router)) {
            return new Refused(
                    EdgeErrorCode.INVALID_SERVICE, RetryHint.NOT_RETRIABLE, "service '" + named + "' not found");
        }
        return new Admitted(new CircuitDial(
                service.get(),
                instance,
                new PeerData(request.getPeerDataMap()),
                router.value(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    /** The host is told who dials, and by us: what the client says of itself does not count. */
    private static PeerData naming(PeerData clientData, Identity dialer) {
        return clientData
                .with(ControlHeader.DIALER_IDENTITY_ID, dialer.id().value())
                .with(ControlHeader.DIALER_IDENTITY_NAME, dialer.name());
    }
}
