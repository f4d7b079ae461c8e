package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.router.NoControllerException;
import io.zitipekko.actors.router.RefusalReporter;
import io.zitipekko.actors.router.circuit.CircuitEnds;
import io.zitipekko.actors.router.circuit.SdkConnection;
import io.zitipekko.actors.router.circuit.SdkEnd;
import io.zitipekko.actors.router.circuit.SdkRelay;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.actors.router.edge.session.EdgeSession;
import io.zitipekko.actors.router.edge.session.Grant;
import io.zitipekko.actors.router.edge.session.Refusals;
import io.zitipekko.actors.router.edge.session.SessionTokens;
import io.zitipekko.actors.session.token.InvalidTokenException;
import io.zitipekko.actors.session.token.ServiceSessionClaims;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.CreateCircuitResponse;
import io.zitipekko.transport.control.CreateCircuitV2Request;
import io.zitipekko.transport.control.EdgeError;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.edge.StructuredError;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressAddress;
import io.zitipekko.transport.xgress.end.CircuitEnd;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An SDK's Connect, from its checks to the open connection (protocol/02 section 8). */
final class DialHandler {
    private static final Logger LOG = LoggerFactory.getLogger(DialHandler.class);
    /** Longest body of a Connect that is looked at. */
    private static final int MAX_TOKEN = 16 * 1024;

    private static final String TRACE_TYPE = "xgress/edge";
    /** What the far side may not set on our StateConnected. */
    private static final Set<Integer> OWN_HEADERS = Set.of(
            EdgeHeader.CONN_ID,
            EdgeHeader.SEQ,
            EdgeHeader.CIRCUIT_ID,
            EdgeHeader.ROUTER_PROVIDED_CONN_ID,
            EdgeHeader.USE_XGRESS_TO_SDK,
            EdgeHeader.XGRESS_CTRL_ID,
            EdgeHeader.XGRESS_ADDRESS,
            EdgeHeader.ERROR_CODE,
            EdgeHeader.STRUCTURED_ERROR);

    private final EdgeConnection connection;
    private final EdgeServices services;

    DialHandler(EdgeConnection connection, EdgeServices services) {
        this.connection = connection;
        this.services = services;
    }

    /** A Connect: its body is a service session's token. */
    void connect(EdgeSession owner, Message request) {
        OptionalInt id = request.headers().int32(EdgeHeader.CONN_ID);
        if (id.isEmpty()) {
            reply(request, Refusals.refused(null, "connId not set, required"));
            return;
        }
        int connId = id.getAsInt();
        String token = request.body().size() > MAX_TOKEN ? "" : request.bodyText();
        // A service's id, known or not, is no token either: real routers look it up here, and fall over.
        if (!SessionTokens.looksLikeServiceSession(token)) {
            reply(
                    request,
                    Refusals.refused(
                            connId,
                            EdgeErrorCode.INVALID_SERVICE,
                            RetryHint.DEFAULT,
                            "service not found: unable to get service token either by JWT parsing or id lookup"));
            return;
        }
        ServiceSessionClaims claims;
        try {
            claims = services.tokens().verify(token, owner);
        } catch (InvalidTokenException e) {
            reply(
                    request,
                    Refusals.refused(
                            connId,
                            EdgeErrorCode.INVALID_SESSION,
                            RetryHint.DEFAULT,
                            "failed to create service token from JWT: " + e.getMessage()));
            return;
        }
        if (services.removedSessions().contains(claims.sessionId(), token)) {
            reply(
                    request,
                    Refusals.refused(connId, EdgeErrorCode.INVALID_SESSION, RetryHint.START_OVER, "invalid session"));
            return;
        }
        Grant grant = new Grant(PolicyType.DIAL, claims.serviceId(), claims.sessionId(), token);
        if (!grant.judge(services.parts().model(), owner)) {
            reply(
                    request,
                    Refusals.denied(
                            connId,
                            services.parts().model().access(owner.identityId(), claims.serviceId(), PolicyType.DIAL)));
            return;
        }
        dial(new Dial(owner, request, connId, grant));
    }

    /** A dial without a service session, which only sessions that the router can judge itself may make. */
    void connectV2(EdgeSession owner, Message request) {
        OptionalInt id = request.headers().int32(EdgeHeader.CONN_ID);
        if (id.isEmpty()) {
            reply(request, Refusals.refused(null, "connId not set, required"));
        } else {
            reply(request, Refusals.refused(id.getAsInt(), "connect-v2 requires an OIDC API session"));
        }
    }

    private void dial(Dial dial) {
        PendingConnection pending = new PendingConnection(connection, dial.connId);
        if (!connection.reserve(dial.connId, pending, dial.grant)) {
            reply(
                    dial.request,
                    Refusals.refused(
                            dial.connId, "sink id " + Integer.toUnsignedString(dial.connId) + " already in use"));
            return;
        }
        Message circuitRequest;
        try {
            circuitRequest = circuitRequest(dial);
        } catch (IllegalArgumentException e) {
            refuse(dial, pending, internal(e.getMessage()), "");
            return;
        }
        EdgeParts parts = services.parts();
        parts.controllers()
                .request(
                        dial.owner.preference(parts.controllers().connected()),
                        Lane.HIGH,
                        circuitRequest,
                        parts.circuitTimeout())
                .whenCompleteAsync((answer, failure) -> answered(dial, pending, answer, failure), parts.executor());
    }

    private Message circuitRequest(Dial dial) {
        Headers asked = dial.request.headers();
        PeerData peerData = PeerData.EMPTY;
        for (int id : new int[] {
            EdgeHeader.PUBLIC_KEY, EdgeHeader.CALLER_ID, EdgeHeader.APP_DATA, EdgeHeader.CONNECTION_MARKER
        }) {
            Optional<byte[]> value = asked.bytes(id);
            peerData = value.isPresent() ? peerData.with(id, value.get()) : peerData;
        }
        Optional<byte[]> sticky = asked.bytes(EdgeHeader.STICKINESS_TOKEN);
        peerData = sticky.isPresent() ? peerData.with(ControlHeader.STICKINESS_TOKEN, sticky.get()) : peerData;
        peerData = peerData.with(
                ControlHeader.DIALER_IDENTITY_ID, dial.owner.identityId().value());
        Optional<RouterDataModel.IdentityEntry> identity =
                services.parts().model().identity(dial.owner.identityId());
        peerData = identity.isPresent()
                ? peerData.with(
                        ControlHeader.DIALER_IDENTITY_NAME, identity.get().name())
                : peerData;
        return new CreateCircuitV2Request(
                        dial.grant.token(),
                        dial.owner.token(),
                        List.of(dial.owner.fingerprint().hex()),
                        asked.string(EdgeHeader.TERMINATOR_IDENTITY).orElse(""),
                        peerData)
                .toMessage();
    }

    private void answered(Dial dial, PendingConnection pending, @Nullable Message answer, @Nullable Throwable failure) {
        if (failure != null || answer == null) {
            refuse(dial, pending, unreachable(failure), "");
        } else if (answer.contentType() == ControlContentType.CREATE_CIRCUIT_V2_RESPONSE) {
            try {
                connected(dial, pending, CreateCircuitResponse.from(answer));
            } catch (IllegalArgumentException e) {
                refuse(dial, pending, internal("controller's answer: " + e.getMessage()), "");
            }
        } else if (answer.contentType() == ControlContentType.ERROR) {
            EdgeError error = EdgeError.from(answer);
            refuse(dial, pending, StructuredError.of(error.code(), error.retryHint(), error.text()), error.circuitId());
        } else {
            refuse(dial, pending, internal("controller answered with type " + answer.contentType()), "");
        }
    }

    private static StructuredError internal(@Nullable String text) {
        return StructuredError.of(EdgeErrorCode.INTERNAL, RetryHint.DEFAULT, String.valueOf(text));
    }

    private static @Nullable StructuredError unreachable(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof NoControllerException
                ? null
                : internal("no answer from the controller: " + (cause == null ? "none" : cause.getMessage()));
    }

    /** @param error nothing when there is no controller at all */
    private void refuse(Dial dial, PendingConnection pending, @Nullable StructuredError error, String circuitId) {
        if (!connection.release(dial.connId, pending)) {
            return;
        }
        reply(
                dial.request,
                error == null
                        ? Refusals.refused(dial.connId, "no controller available, cannot create circuit")
                        : Refusals.refused(
                                dial.connId,
                                error,
                                error.message().isEmpty() ? "circuit creation failed" : error.message(),
                                circuitId));
    }

    private void connected(Dial dial, PendingConnection pending, CreateCircuitResponse response) {
        CircuitId circuit = new CircuitId(response.circuitId());
        XgressAddress address = new XgressAddress(response.address());
        boolean relayed = dial.request.headers().bool(EdgeHeader.USE_XGRESS_TO_SDK);
        Optional<Opened> opened = relayed ? relay(dial, circuit, address) : ownEnd(dial, circuit, address);
        if (opened.isEmpty()) {
            refuse(dial, pending, internal("the circuit was removed before it was used"), circuit.value());
            return;
        }
        SdkEnd end = opened.get().sdkEnd;
        if (!connection.occupy(dial.connId, pending, end, dial.grant)) {
            // The SDK gave up, or is gone: the circuit is of no use.
            end.onChannelClosed();
            opened.get().discard();
            return;
        }
        reply(dial.request, stateConnected(dial, response, relayed));
        opened.get().begin();
        if (services.removedSessions().contains(dial.grant.session(), dial.grant.token())) {
            end.revoke("session closed");
        } else if (!dial.grant.judge(services.parts().model(), dial.owner)) {
            end.revoke("dial access lost");
        }
        LOG.debug("circuit {} dialled by {}", circuit, connection);
    }

    private Optional<Opened> ownEnd(Dial dial, CircuitId circuit, XgressAddress address) {
        SdkConnection local =
                new SdkConnection(dial.connId, connection.channel(), gone -> connection.release(dial.connId, gone));
        return services.parts()
                .ends()
                .ingress(circuit, address, connection.settings().xgress(), TRACE_TYPE, local)
                .map(end -> new Opened(local, end));
    }

    private Optional<Opened> relay(Dial dial, CircuitId circuit, XgressAddress address) {
        CircuitEnds ends = services.parts().ends();
        SdkRelay relay = new SdkRelay(
                dial.connId,
                circuit,
                address,
                true,
                connection.channel(),
                ends,
                connection.transit(),
                gone -> connection.release(dial.connId, gone));
        return ends.forwarder().attachIngress(circuit, address, relay)
                ? Optional.of(new Opened(relay, null))
                : Optional.empty();
    }

    private Message stateConnected(Dial dial, CreateCircuitResponse response, boolean relayed) {
        Headers.Builder headers = Headers.builder();
        response.peerData().toBytes().forEach((id, value) -> {
            int shown = id == ControlHeader.STICKINESS_TOKEN ? EdgeHeader.STICKINESS_TOKEN : id;
            if (shown >= EdgeHeader.CONN_ID && !OWN_HEADERS.contains(shown)) {
                headers.bytes(shown, value);
            }
        });
        headers.int32(EdgeHeader.CONN_ID, dial.connId).string(EdgeHeader.CIRCUIT_ID, response.circuitId());
        dial.request
                .headers()
                .bytes(EdgeHeader.ROUTER_PROVIDED_CONN_ID)
                .ifPresent(value -> headers.bytes(EdgeHeader.ROUTER_PROVIDED_CONN_ID, value));
        if (relayed) {
            headers.bool(EdgeHeader.USE_XGRESS_TO_SDK, true)
                    .string(EdgeHeader.XGRESS_CTRL_ID, ownerOf(new CircuitId(response.circuitId())))
                    .string(EdgeHeader.XGRESS_ADDRESS, response.address());
        }
        return Message.of(EdgeContentType.STATE_CONNECTED, headers.build(), ByteString.emptyByteString());
    }

    private String ownerOf(CircuitId circuit) {
        return services.parts()
                .ends()
                .forwarder()
                .owner(circuit)
                .map(owner -> owner.value())
                .orElse("");
    }

    /** Answers go the way of data, so that data can never overtake them. */
    private void reply(Message request, Message answer) {
        connection.tellRefusal(RefusalReporter.Door.DIAL, answer);
        connection.channel().reply(Lane.DEFAULT, request, answer);
    }

    private record Dial(EdgeSession owner, Message request, int connId, Grant grant) {}

    /** @param circuitEnd nothing when the SDK itself is the end */
    private record Opened(SdkEnd sdkEnd, @Nullable CircuitEnd circuitEnd) {
        void begin() {
            if (circuitEnd != null) {
                circuitEnd.start();
            }
        }

        void discard() {
            if (circuitEnd != null) {
                circuitEnd.close("nobody waits for the circuit any more");
            }
        }
    }
}
