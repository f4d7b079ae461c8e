package io.zitipekko.actors.router.dial;

import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.actors.router.circuit.CircuitEnds;
import io.zitipekko.actors.router.circuit.TcpEnd;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.RouteErrorCode;
import io.zitipekko.transport.xgress.end.CircuitEnd;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.io.Inet;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/**
 * Dials terminators of the binding {@code transport}: a server at {@code tcp:host:port} (protocol/04 section 6). Both directions can
 * end on their own.
 */
public final class TransportDialer implements EgressDialer {
    /** The dispatcher of data streams; see the transport module's configuration. */
    private static final String EVENT_LOOP = "ziti.event-loop";

    private final ClassicActorSystemProvider system;
    private final CircuitEnds ends;
    private final RouterSettings.TransportDial settings;
    private final Clock clock;

    public TransportDialer(
            ClassicActorSystemProvider system, CircuitEnds ends, RouterSettings.TransportDial settings, Clock clock) {
        this.system = system;
        this.ends = ends;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String binding() {
        return "transport";
    }

    @Override
    public CompletionStage<PeerData> dial(EgressDial dial) {
        TransportAddress address;
        try {
            address = tcpAddress(dial.destination());
        } catch (RouteException e) {
            return CompletableFuture.failedFuture(e);
        }
        Duration left = dial.left(clock.instant());
        Duration timeout = left.compareTo(settings.connectTimeout()) < 0 ? left : settings.connectTimeout();
        if (timeout.isZero()) {
            return CompletableFuture.failedFuture(
                    new RouteException(RouteErrorCode.DIAL_TIMED_OUT, "no time left to dial " + address));
        }
        TcpEnd local = new TcpEnd();
        CircuitEnd end;
        try {
            end = ends.egress(dial.circuit(), dial.address(), settings.xgress(), "xgress/transport", local);
        } catch (RouteException e) {
            return CompletableFuture.failedFuture(e);
        }
        end.start();
        Pair<CompletionStage<Tcp.OutgoingConnection>, UniqueKillSwitch> started = connect(address, local, timeout);
        return started.first()
                .toCompletableFuture()
                // The connect has its own limit; name resolution before it has none.
                .orTimeout(timeout.toMillis() + 250, TimeUnit.MILLISECONDS)
                .handle((connection, failure) -> {
                    if (failure != null) {
                        RouteException refusal = DialFailures.classify(address, failure);
                        started.second().abort(refusal);
                        local.abandon(refusal.getMessage());
                        throw new CompletionException(refusal);
                    }
                    return PeerData.EMPTY
                            .with(ControlHeader.TERMINATOR_LOCAL_ADDRESS, text(connection.localAddress()))
                            .with(ControlHeader.TERMINATOR_REMOTE_ADDRESS, text(connection.remoteAddress()));
                });
    }

    private Pair<CompletionStage<Tcp.OutgoingConnection>, UniqueKillSwitch> connect(
            TransportAddress address, TcpEnd local, Duration timeout) {
        List<Inet.SocketOption> options = List.of(TcpSO.tcpNoDelay(true), TcpSO.keepAlive(true));
        return Tcp.get(system)
                .outgoingConnection(
                        InetSocketAddress.createUnresolved(address.host(), address.port()),
                        Optional.empty(),
                        options,
                        true,
                        Optional.of(timeout),
                        Optional.empty())
                .joinMat(local.flow().viaMat(KillSwitches.<ByteString>single(), Keep.right()), Keep.both())
                .withAttributes(ActorAttributes.dispatcher(EVENT_LOOP))
                .run(SystemMaterializer.get(system).materializer());
    }

    @Override
    public CompletionStage<TerminatorState> validate(String terminatorId, String destination) {
        TerminatorState state;
        try {
            state = new TerminatorState.Valid(tcpAddress(destination).toString());
        } catch (RouteException e) {
            state = new TerminatorState.Invalid(TerminatorState.Reason.BAD_STATE, e.getMessage());
        }
        return CompletableFuture.completedFuture(state);
    }

    private static TransportAddress tcpAddress(String destination) {
        try {
            TransportAddress address = TransportAddress.parse(destination);
            if (address.type().equals("tcp") && address.port() > 0) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw new RouteException(RouteErrorCode.MISCONFIGURED_TERMINATOR, e.getMessage(), e);
        }
        throw new RouteException(
                RouteErrorCode.MISCONFIGURED_TERMINATOR,
                "terminator address '" + destination + "' (expected: tcp:host:port)");
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return new TransportAddress("tcp", host, address.getPort()).toString();
    }
}
