package io.zitipekko.sdk.dial;

import io.zitipekko.sdk.ZitiException;
import io.zitipekko.sdk.auth.ServiceCatalog;
import io.zitipekko.sdk.auth.ServiceDetail;
import io.zitipekko.sdk.auth.ServiceSession;
import io.zitipekko.sdk.auth.SessionKeeper;
import io.zitipekko.sdk.edge.CircuitConnection;
import io.zitipekko.sdk.edge.ConnId;
import io.zitipekko.sdk.edge.DataConnection;
import io.zitipekko.sdk.edge.EdgeChannel;
import io.zitipekko.sdk.edge.EdgeChannels;
import io.zitipekko.sdk.edge.EdgeConnection;
import io.zitipekko.sdk.edge.EdgeConnectionFlow;
import io.zitipekko.sdk.edge.Refusals;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.secret.KeyExchange;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.end.CircuitEnd;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Dials services (protocol/02 section 8.2): service session, best router, Connect, keys. A refusal that a fresh session may cure is
 * tried once more with one. Thread-safe.
 */
public final class Dialer {
    private static final SecureRandom RANDOM = new SecureRandom();

    private record Dialed(OutgoingConnection connection, Flow<ByteString, ByteString, NotUsed> flow) {}

    private final SessionKeeper keeper;
    private final ServiceCatalog catalog;
    private final EdgeChannels channels;

    public Dialer(SessionKeeper keeper, ServiceCatalog catalog, EdgeChannels channels) {
        this.keeper = keeper;
        this.catalog = catalog;
        this.channels = channels;
    }

    /** A connection per materialization, dialed when it is materialized. */
    public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> outgoingConnection(
            String service, DialOptions options) {
        return Flow.fromMaterializer((materializer, attributes) -> {
                    CompletionStage<Dialed> dialed = dial(service, options, true);
                    // A stream that is cancelled during the dial waits for it, so that the connection is closed then.
                    return Flow.completionStageFlow(dialed.thenApply(Dialed::flow))
                            .addAttributes(Attributes.none()
                                    .and(Attributes.nestedMaterializationCancellationPolicyPropagateToNested()))
                            .mapMaterializedValue(ignored -> dialed.thenApply(Dialed::connection));
                })
                .mapMaterializedValue(stage -> stage.thenCompose(inner -> inner));
    }

    private CompletionStage<Dialed> dial(String name, DialOptions options, boolean mayRetry) {
        return catalog.knownService(name).thenCompose(service -> {
            if (!service.mayDial()) {
                return CompletableFuture.failedStage(
                        new ZitiException("service '" + name + "': no policy lets this identity dial it"));
            }
            return catalog.session(service, ServiceSession.Type.DIAL)
                    .thenCompose(session -> dialWith(service, session, options, mayRetry));
        });
    }

    private CompletionStage<Dialed> dialWith(
            ServiceDetail service, ServiceSession session, DialOptions options, boolean mayRetry) {
        return channels.best(session.apiSession(), session.edgeRouters())
                .thenCompose(channel -> connect(channel, service, session, options))
                .handle((dialed, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedStage(dialed);
                    }
                    Throwable cause = ZitiException.unwrapped(failure);
                    catalog.forget(service, ServiceSession.Type.DIAL);
                    if (mayRetry && cause instanceof ZitiException refusal && isCurable(refusal)) {
                        if (refusal.code()
                                .filter(EdgeErrorCode.INVALID_API_SESSION::equals)
                                .isPresent()) {
                            keeper.invalidate(session.apiSession());
                        }
                        return dial(service.name(), options, false);
                    }
                    return CompletableFuture.<Dialed>failedStage(cause);
                })
                .thenCompose(stage -> stage);
    }

    private static boolean isCurable(ZitiException refusal) {
        return refusal.hint() == RetryHint.START_OVER
                || refusal.code()
                        .filter(code ->
                                code == EdgeErrorCode.INVALID_API_SESSION || code == EdgeErrorCode.INVALID_SESSION)
                        .isPresent();
    }

    private CompletionStage<Dialed> connect(
            EdgeChannel channel, ServiceDetail service, ServiceSession session, DialOptions options) {
        String what = "dial of service '" + service.name() + "' by router '" + channel.router() + "'";
        KeyExchange keys = service.encryptionRequired() ? KeyExchange.generate() : null;
        DataConnection connection = channel.register(id -> new DataConnection(
                channel,
                id,
                "connection to service '" + service.name() + "' through router '" + channel.router() + "'"));
        Message connect = connectMessage(connection.id(), session, options, keys);
        return channel.request(connect, options.timeout()).handle((reply, failure) -> {
            try {
                if (failure != null) {
                    Throwable cause = ZitiException.unwrapped(failure);
                    connection.close("dial given up");
                    if (channel.isClosed()) {
                        // Lost before it answered, perhaps long ago: worth another channel. A router also closes so, in
                        // silence,
                        // when it does not know the API session (protocol/02 section 4.3).
                        throw ZitiException.refused(
                                what + " failed, the router closed the connection: " + cause.getMessage(),
                                null,
                                RetryHint.START_OVER);
                    }
                    throw new ZitiException(what + " failed: " + cause.getMessage(), cause);
                }
                return established(connection, channel, service, reply, what, keys);
            } finally {
                if (keys != null) {
                    keys.close();
                }
            }
        });
    }

    private static Dialed established(
            DataConnection dialed,
            EdgeChannel channel,
            ServiceDetail service,
            Message reply,
            String what,
            @Nullable KeyExchange keys) {
        if (reply.contentType() != EdgeContentType.STATE_CONNECTED) {
            channel.unregister(dialed.id());
            if (reply.contentType() == EdgeContentType.STATE_CLOSED) {
                throw Refusals.of(what, reply);
            }
            throw new ZitiException(what + ": answer of type " + reply.contentType() + " (expected: StateConnected)");
        }
        Headers headers = reply.headers();
        EdgeConnection connection = connection(dialed, channel, headers, what);
        OutgoingConnection info = new OutgoingConnection(
                service.name(),
                channel.router(),
                headers.string(EdgeHeader.CIRCUIT_ID).orElse(""),
                keys != null,
                connection instanceof CircuitConnection);
        if (keys == null) {
            return new Dialed(info, EdgeConnectionFlow.of(connection));
        }
        byte[] hostKey = headers.bytes(EdgeHeader.PUBLIC_KEY).orElse(null);
        if (hostKey == null) {
            // Never in plain text instead (protocol/02 section 15.5).
            connection.close("no public key of the host");
            throw ZitiException.refused(
                    what + ": the service requires encryption, but its host sent no public key",
                    EdgeErrorCode.ENCRYPTION_DATA_MISSING,
                    RetryHint.DEFAULT);
        }
        try {
            return new Dialed(info, EdgeConnectionFlow.of(connection, keys.asDialer(hostKey)));
        } catch (RuntimeException e) {
            connection.close("public key of the host refused");
            throw e;
        }
    }

    /** What the router made of the dial: the end of a circuit, when that was asked for and it can; in data mode otherwise. */
    private static EdgeConnection connection(
            DataConnection dialed, EdgeChannel channel, Headers connected, String what) {
        if (!connected.bool(EdgeHeader.USE_XGRESS_TO_SDK)) {
            return dialed;
        }
        CircuitConnection circuit;
        try {
            CircuitId id = new CircuitId(connected.string(EdgeHeader.CIRCUIT_ID).orElse(""));
            circuit = new CircuitConnection(channel, dialed.id(), dialed.name(), id, CircuitEnd.Side.INITIATOR);
        } catch (IllegalArgumentException e) {
            dialed.close("no circuit id");
            throw new ZitiException(what + ": " + e.getMessage(), e);
        }
        if (!dialed.yieldTo(circuit)) {
            // Its stream learns why it has ended already.
            return dialed;
        }
        circuit.start();
        return circuit;
    }

    private static Message connectMessage(
            ConnId id, ServiceSession session, DialOptions options, @Nullable KeyExchange keys) {
        Headers.Builder headers = Headers.builder()
                .int32(EdgeHeader.CONN_ID, id.value())
                .int32(EdgeHeader.SEQ, 0)
                .string(EdgeHeader.CALLER_ID, session.apiSession().identityName())
                .string(EdgeHeader.CONNECTION_MARKER, marker())
                .bool(EdgeHeader.USE_XGRESS_TO_SDK, options.ownFlowControl());
        if (keys != null) {
            headers.bytes(EdgeHeader.PUBLIC_KEY, keys.publicKey());
        }
        options.instance().ifPresent(instance -> headers.string(EdgeHeader.TERMINATOR_IDENTITY, instance));
        if (!options.appData().isEmpty()) {
            headers.bytes(EdgeHeader.APP_DATA, options.appData().toArray());
        }
        return Message.of(EdgeContentType.CONNECT, headers.build(), session.token());
    }

    private static String marker() {
        byte[] random = new byte[6];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().encodeToString(random);
    }
}
