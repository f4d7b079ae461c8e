package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.router.RefusalReporter;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.actors.router.edge.host.HostedServices;
import io.zitipekko.actors.router.edge.host.HostedTerminator;
import io.zitipekko.actors.router.edge.session.EdgeSession;
import io.zitipekko.actors.router.edge.session.Grant;
import io.zitipekko.actors.router.edge.session.Refusals;
import io.zitipekko.actors.session.token.InvalidTokenException;
import io.zitipekko.actors.session.token.ServiceSessionClaims;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** An SDK's Bind, Unbind, UpdateBind and HealthEvent: their checks; what follows is {@link HostedServices}' (protocol/02 section 9). */
final class BindHandler {
    private static final int MAX_TOKEN = 16 * 1024;

    private final EdgeConnection connection;
    private final EdgeServices services;

    BindHandler(EdgeConnection connection, EdgeServices services) {
        this.connection = connection;
        this.services = services;
    }

    void bind(EdgeSession owner, Message request) {
        OptionalInt id = request.headers().int32(EdgeHeader.CONN_ID);
        if (id.isEmpty()) {
            return;
        }
        int connId = id.getAsInt();
        Optional<ServiceSessionClaims> checked = check(owner, request, connId);
        if (checked.isEmpty()) {
            return;
        }
        ServiceSessionClaims claims = checked.get();
        if (claims.type() != PolicyType.BIND) {
            reply(request, Refusals.refused(connId, "rejecting bind, invalid session type. expected Bind, got Dial"));
            return;
        }
        Headers headers = request.headers();
        int precedence = headers.uint8(EdgeHeader.PRECEDENCE).orElse(0);
        if (precedence >= Precedence.values().length) {
            reply(
                    request,
                    Refusals.refused(
                            connId,
                            EdgeErrorCode.INVALID_PRECEDENCE,
                            RetryHint.NOT_RETRIABLE,
                            "invalid precedence " + precedence + " (expected: 0 to 2)"));
            return;
        }
        Optional<byte[]> key = headers.bytes(EdgeHeader.PUBLIC_KEY);
        boolean mustEncrypt = services.parts()
                .model()
                .service(claims.serviceId())
                .map(RouterDataModel.ServiceEntry::encryptionRequired)
                .orElse(false);
        if (mustEncrypt && key.isEmpty()) {
            reply(
                    request,
                    Refusals.refused(
                            connId,
                            EdgeErrorCode.ENCRYPTION_DATA_MISSING,
                            RetryHint.START_OVER,
                            "encryption required on service, terminator did not send public header"));
            return;
        }
        Grant grant = new Grant(PolicyType.BIND, claims.serviceId(), claims.sessionId(), request.bodyText());
        if (!grant.judge(services.parts().model(), owner)) {
            reply(
                    request,
                    Refusals.denied(
                            connId,
                            services.parts().model().access(owner.identityId(), claims.serviceId(), PolicyType.BIND)));
            return;
        }
        if (services.parts().controllers().connected().isEmpty()) {
            reply(request, Refusals.refused(connId, "no controller available, cannot create terminator"));
            return;
        }
        String instance = headers.string(EdgeHeader.TERMINATOR_IDENTITY).orElse("");
        services.hosted()
                .tell(new HostedServices.Bind(
                        new HostedTerminator(
                                UUID.randomUUID().toString(),
                                connection,
                                owner,
                                connId,
                                bytes(headers.bytes(EdgeHeader.LISTENER_ID)),
                                grant,
                                request.body(),
                                bytes(key),
                                headers.uint16(EdgeHeader.COST).orElse(0),
                                Precedence.values()[precedence],
                                instance,
                                instance.isEmpty()
                                        ? ByteString.emptyByteString()
                                        : headers.bytes(EdgeHeader.TERMINATOR_IDENTITY_SECRET)
                                                .map(ByteString::fromArray)
                                                .orElse(ByteString.emptyByteString()),
                                headers.bool(EdgeHeader.ROUTER_PROVIDED_CONN_ID),
                                headers.bool(EdgeHeader.SUPPORTS_BIND_SUCCESS),
                                headers.bool(EdgeHeader.SUPPORTS_INSPECT),
                                headers.bool(EdgeHeader.USE_XGRESS_TO_SDK)),
                        request));
    }

    void unbind(EdgeSession owner, Message request) {
        request.headers().int32(EdgeHeader.CONN_ID).ifPresent(connId -> {
            if (check(owner, request, connId).isPresent()) {
                services.hosted().tell(new HostedServices.ListenerClosed(connection, connId));
            }
        });
    }

    void updateBind(EdgeSession owner, Message request) {
        request.headers().int32(EdgeHeader.CONN_ID).ifPresent(connId -> {
            if (check(owner, request, connId).isEmpty()) {
                return;
            }
            OptionalInt precedence = request.headers().uint8(EdgeHeader.PRECEDENCE);
            if (precedence.isPresent() && precedence.getAsInt() >= Precedence.values().length) {
                reply(
                        request,
                        Refusals.refused(
                                connId,
                                EdgeErrorCode.INVALID_PRECEDENCE,
                                RetryHint.NOT_RETRIABLE,
                                "invalid precedence " + precedence.getAsInt() + " (expected: 0 to 2)"));
                return;
            }
            services.hosted()
                    .tell(new HostedServices.UpdateBind(
                            connection,
                            connId,
                            request.headers().uint16(EdgeHeader.COST),
                            precedence.isPresent()
                                    ? Optional.of(Precedence.values()[precedence.getAsInt()])
                                    : Optional.empty()));
        });
    }

    /** Its token is checked; beyond that peers make nothing of it, and neither do we. */
    void healthEvent(EdgeSession owner, Message request) {
        request.headers().int32(EdgeHeader.CONN_ID).ifPresent(connId -> check(owner, request, connId));
    }

    /** The claims of the body's token, or nothing after a refusal was sent. */
    private Optional<ServiceSessionClaims> check(EdgeSession owner, Message request, int connId) {
        String token = request.body().size() > MAX_TOKEN ? "" : request.bodyText();
        if (token.chars().filter(c -> c == '.').count() != 2) {
            reply(
                    request,
                    Refusals.refused(connId, "token is malformed: token contains an invalid number of segments"));
            return Optional.empty();
        }
        try {
            ServiceSessionClaims claims = services.tokens().verify(token, owner);
            if (services.removedSessions().contains(claims.sessionId(), token)) {
                reply(request, Refusals.refused(connId, "invalid session"));
                return Optional.empty();
            }
            return Optional.of(claims);
        } catch (InvalidTokenException e) {
            reply(request, Refusals.refused(connId, e.getMessage()));
            return Optional.empty();
        }
    }

    private void reply(Message request, Message answer) {
        connection.tellRefusal(RefusalReporter.Door.BIND, answer);
        connection.channel().reply(Lane.HIGH, request, answer);
    }

    private static @Nullable ByteString bytes(Optional<byte[]> value) {
        return value.map(ByteString::fromArray).orElse(null);
    }
}
