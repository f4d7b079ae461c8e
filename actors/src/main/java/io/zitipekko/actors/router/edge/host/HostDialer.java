package io.zitipekko.actors.router.edge.host;

import io.zitipekko.actors.router.circuit.CircuitEnds;
import io.zitipekko.actors.router.circuit.SdkConnection;
import io.zitipekko.actors.router.circuit.SdkEnd;
import io.zitipekko.actors.router.circuit.SdkRelay;
import io.zitipekko.actors.router.dial.EgressDial;
import io.zitipekko.actors.router.dial.EgressDialer;
import io.zitipekko.actors.router.dial.RouteException;
import io.zitipekko.actors.router.dial.TerminatorState;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.RouteErrorCode;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.xgress.end.CircuitEnd;
import java.nio.ByteOrder;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Dials terminators that SDKs host here: a Dial over the SDK's channel, and its answer (protocol/02 section 10). */
public final class HostDialer implements EgressDialer {
    private static final String PREFIX = "hosted:";
    private static final String TRACE_TYPE = "xgress/edge";

    private final CircuitEnds ends;
    private final Clock clock;
    private final TerminatorTable terminators;

    public HostDialer(CircuitEnds ends, TerminatorTable terminators, Clock clock) {
        this.ends = ends;
        this.clock = clock;
        this.terminators = terminators;
    }

    @Override
    public String binding() {
        return "edge";
    }

    @Override
    public CompletionStage<PeerData> dial(EgressDial dial) {
        String id = dial.destination().startsWith(PREFIX)
                ? dial.destination().substring(PREFIX.length())
                : dial.destination();
        Optional<HostedTerminator> found = terminators.find(id);
        if (found.isEmpty() || found.get().connection().channel().isClosed()) {
            return failed(
                    RouteErrorCode.INVALID_TERMINATOR, "terminator address " + id + " is not hosted at this router");
        }
        HostedTerminator t = found.get();
        Duration left = dial.left(clock.instant());
        Duration limit = t.connection().settings().dialTimeout();
        Duration timeout = left.compareTo(limit) < 0 ? left : limit;
        if (timeout.isZero()) {
            return failed(RouteErrorCode.DIAL_TIMED_OUT, "no time left to dial terminator address " + id);
        }
        try {
            return t.routerProvidedIds() ? dialWithOurId(t, dial, timeout) : dialWithTheirId(t, dial, timeout);
        } catch (RouteException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The connection is ready before the SDK hears of it: data may follow its answer at once. */
    private CompletionStage<PeerData> dialWithOurId(HostedTerminator t, EgressDial dial, Duration timeout) {
        HostChannel connection = t.connection();
        Placeholder placeholder = new Placeholder();
        int child = connection.reserveChild(placeholder, t.grant());
        Opened opened;
        try {
            opened = open(t, dial, child);
        } catch (RouteException e) {
            connection.release(child, placeholder);
            throw e;
        }
        if (!connection.occupy(child, placeholder, opened.sdkEnd, t.grant())) {
            opened.discard("the SDK's channel is closed");
            return failed(RouteErrorCode.GENERIC, "the channel of terminator address " + t.id() + " is closed");
        }
        return request(t, dial, child, timeout).handle((answer, failure) -> {
            try {
                return accepted(t, answer, failure);
            } catch (RouteException e) {
                connection.release(child, opened.sdkEnd);
                opened.discard(e.getMessage());
                throw new CompletionException(e);
            }
        });
    }

    /** SDKs that choose the id themselves name it in their answer, and wait for a start signal after it. */
    private CompletionStage<PeerData> dialWithTheirId(HostedTerminator t, EgressDial dial, Duration timeout) {
        return request(t, dial, null, timeout).handle((answer, failure) -> {
            try {
                PeerData peerData = accepted(t, answer, failure);
                int child = answer.body()
                        .asByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt();
                HostChannel connection = t.connection();
                Placeholder placeholder = new Placeholder();
                if (!connection.reserve(child, placeholder, t.grant())) {
                    throw new RouteException(
                            RouteErrorCode.GENERIC,
                            "the host of terminator address " + t.id() + " gave connection id "
                                    + Integer.toUnsignedString(child) + ", which is in use");
                }
                Opened opened = open(t, dial, child);
                if (!connection.occupy(child, placeholder, opened.sdkEnd, t.grant())) {
                    opened.discard("the SDK's channel is closed");
                    throw new RouteException(RouteErrorCode.GENERIC, "the host's channel is closed");
                }
                connection.channel().reply(Lane.HIGH, answer, startSignal(t));
                return peerData;
            } catch (RouteException e) {
                throw new CompletionException(e);
            }
        });
    }

    private static Message startSignal(HostedTerminator t) {
        return Message.of(
                EdgeContentType.STATE_CONNECTED,
                Headers.builder()
                        .int32(EdgeHeader.CONN_ID, t.connId())
                        .int32(EdgeHeader.SEQ, 1)
                        .build(),
                ByteString.emptyByteString());
    }

    private Opened open(HostedTerminator t, EgressDial dial, int child) {
        HostChannel connection = t.connection();
        Channel channel = connection.channel();
        if (t.relayed()) {
            SdkRelay relay = new SdkRelay(
                    child,
                    dial.circuit(),
                    dial.address(),
                    false,
                    channel,
                    ends,
                    connection.transit(),
                    gone -> connection.release(child, gone));
            ends.forwarder().attachEgress(dial.address(), relay);
            return new Opened(relay, null);
        }
        SdkConnection local = new SdkConnection(child, channel, gone -> connection.release(child, gone));
        CircuitEnd end = ends.egress(
                dial.circuit(), dial.address(), connection.settings().xgress(), TRACE_TYPE, local);
        end.start();
        return new Opened(local, end);
    }

    private CompletionStage<Message> request(
            HostedTerminator t, EgressDial dial, @Nullable Integer child, Duration timeout) {
        Headers.Builder headers = Headers.builder()
                .int32(EdgeHeader.CONN_ID, t.connId())
                .string(EdgeHeader.CIRCUIT_ID, dial.circuit().value());
        if (child != null) {
            headers.int32(EdgeHeader.ROUTER_PROVIDED_CONN_ID, child);
        }
        copy(dial.peerData(), EdgeHeader.PUBLIC_KEY, headers, EdgeHeader.PUBLIC_KEY);
        copy(dial.peerData(), EdgeHeader.CALLER_ID, headers, EdgeHeader.CALLER_ID);
        copy(dial.peerData(), EdgeHeader.APP_DATA, headers, EdgeHeader.APP_DATA);
        copy(dial.peerData(), EdgeHeader.CONNECTION_MARKER, headers, EdgeHeader.CONNECTION_MARKER);
        copy(dial.peerData(), ControlHeader.DIALER_IDENTITY_ID, headers, EdgeHeader.DIALER_IDENTITY_ID);
        copy(dial.peerData(), ControlHeader.DIALER_IDENTITY_NAME, headers, EdgeHeader.DIALER_IDENTITY_NAME);
        if (t.relayed()) {
            headers.bool(EdgeHeader.USE_XGRESS_TO_SDK, true)
                    .string(EdgeHeader.XGRESS_CTRL_ID, dial.owner().value())
                    .string(EdgeHeader.XGRESS_ADDRESS, dial.address().value());
        }
        return t.connection()
                .channel()
                .request(Lane.HIGH, Message.of(EdgeContentType.DIAL, headers.build(), t.bindToken()), timeout);
    }

    private static void copy(PeerData from, int id, Headers.Builder to, int shown) {
        from.bytes(id).ifPresent(value -> to.bytes(shown, value));
    }

    private static PeerData accepted(HostedTerminator t, @Nullable Message answer, @Nullable Throwable failure) {
        if (failure != null || answer == null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            boolean late = cause instanceof TimeoutException;
            throw new RouteException(
                    late ? RouteErrorCode.DIAL_TIMED_OUT : RouteErrorCode.GENERIC,
                    text(t, late ? "timed out waiting for the host" : String.valueOf(cause)));
        }
        if (answer.contentType() != EdgeContentType.DIAL_SUCCESS) {
            String reason = answer.bodyText();
            throw new RouteException(
                    reason.contains("rejected by application")
                            ? RouteErrorCode.REJECTED_BY_APPLICATION
                            : RouteErrorCode.GENERIC,
                    text(t, reason));
        }
        if (answer.body().size() != Integer.BYTES) {
            throw new RouteException(
                    RouteErrorCode.GENERIC,
                    text(t, "its DialSuccess has a body of " + answer.body().size() + " bytes (expected: 4)"));
        }
        Optional<byte[]> key = answer.headers().bytes(EdgeHeader.PUBLIC_KEY);
        return key.isPresent() ? PeerData.EMPTY.with(EdgeHeader.PUBLIC_KEY, key.get()) : PeerData.EMPTY;
    }

    /** The form that peers give it, since it reaches the dialling SDK. */
    private static String text(HostedTerminator t, String reason) {
        return "failed to establish connection with terminator address " + t.id() + ". error: (" + reason + ")";
    }

    private static CompletionStage<PeerData> failed(RouteErrorCode code, String text) {
        return CompletableFuture.failedFuture(new RouteException(code, text));
    }

    @Override
    public CompletionStage<TerminatorState> validate(String terminatorId, String destination) {
        Optional<HostedTerminator> found = terminators.find(terminatorId);
        if (found.isEmpty()) {
            return CompletableFuture.completedFuture(new TerminatorState.Invalid(
                    TerminatorState.Reason.UNKNOWN_TERMINATOR, "terminator " + terminatorId + " is not hosted here"));
        }
        HostedTerminator t = found.get();
        if (!t.supportsInspect()) {
            return CompletableFuture.completedFuture(new TerminatorState.Valid("valid"));
        }
        return ListenerInspection.ask(t)
                .handle((verdict, failure) -> failure != null
                        ? new TerminatorState.Undecided()
                        : verdict == ListenerInspection.Verdict.PRESENT
                                ? new TerminatorState.Valid("valid")
                                : new TerminatorState.Invalid(
                                        TerminatorState.Reason.BAD_STATE, "its SDK has no such listener"));
    }

    /** Keeps the id until the connection behind it is made. */
    private static final class Placeholder implements SdkEnd {
        @Override
        public void onMessage(Message message) {}

        @Override
        public void onChannelClosed() {}

        @Override
        public void revoke(String text) {}
    }

    /** @param circuitEnd nothing when the SDK itself is the end */
    private record Opened(SdkEnd sdkEnd, @Nullable CircuitEnd circuitEnd) {
        void discard(String reason) {
            sdkEnd.onChannelClosed();
            if (circuitEnd != null) {
                circuitEnd.close(reason);
            }
        }
    }
}
