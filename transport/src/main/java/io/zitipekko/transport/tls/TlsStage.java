package io.zitipekko.transport.tls;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * TLS as one fused stage over an {@link SSLEngine}, so that it runs on the thread of its socket.
 *
 * <pre>
 *             +-----------------+
 *  plain  ~~> |  wrap           | ~~> cipher      to the socket
 *             |     SSLEngine   |
 *  plain  <~~ |  unwrap         | <~~ cipher      from the socket
 *             +-----------------+
 * </pre>
 *
 * <ul>
 *   <li>Emits cipher text for what was taken in plain, joining up to 64 KiB of it while the socket is busy; emits plain text
 *       as it arrives, at most about one socket read at a time. Nothing plain is taken before the handshake has ended.
 *   <li>Back-pressures the plain side when 64 KiB wait for the socket, the socket when one read waits for the plain side.
 *   <li>Completes each direction on its own: the plain inlet's end becomes close_notify and the end of the cipher outlet; the
 *       peer's close_notify becomes the end of the plain outlet, the other direction stays open. (TLS 1.2 of the JDK cannot
 *       do the latter: there close_notify ends both.) Cancelling the plain outlet discards what still comes in.
 *   <li>Fails with a {@link TlsException} when the handshake fails or is not done in time, when a record does not
 *       authenticate, on TLS 1.2 renegotiation, and when the socket ends without close_notify, which could be a cut. A fatal
 *       alert is sent first, and the socket then read for a second more, lest a reset overtake the alert.
 * </ul>
 *
 * <p>Public-key work runs on dispatcher {@code ziti.tls-handshake}, so that handshakes never delay the data of other
 * connections on the same thread. Received chunks are decrypted in place: whoever feeds the cipher inlet hands them over.
 */
public final class TlsStage
        extends AbstractGraphStageWithMaterializedValue<
                BidiShape<ByteString, ByteString, ByteString, ByteString>, TlsLifecycle> {
    final Inlet<ByteString> plainIn = Inlet.create("TlsStage.plainIn");
    final Outlet<ByteString> cipherOut = Outlet.create("TlsStage.cipherOut");
    final Inlet<ByteString> cipherIn = Inlet.create("TlsStage.cipherIn");
    final Outlet<ByteString> plainOut = Outlet.create("TlsStage.plainOut");
    private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
            BidiShape.of(plainIn, cipherOut, cipherIn, plainOut);

    /** Null for a listener, which needs the ClientHello first. */
    final @Nullable Supplier<SSLEngine> engine;

    /** Null for a dialer. */
    final @Nullable EngineChoice choice;

    final Duration handshakeTimeout;

    private TlsStage(@Nullable Supplier<SSLEngine> engine, @Nullable EngineChoice choice, Duration handshakeTimeout) {
        this.engine = engine;
        this.choice = choice;
        this.handshakeTimeout = handshakeTimeout;
    }

    /**
     * TLS with an engine that is ready to start its handshake.
     *
     * @param engine asked once per materialization
     * @param handshakeTimeout from materialization to the end of the handshake
     */
    public static BidiFlow<ByteString, ByteString, ByteString, ByteString, TlsLifecycle> of(
            Supplier<SSLEngine> engine, Duration handshakeTimeout) {
        return BidiFlow.fromGraph(new TlsStage(engine, null, handshakeTimeout));
    }

    /** A listener's end: the engine is chosen by the ClientHello. */
    static BidiFlow<ByteString, ByteString, ByteString, ByteString, TlsLifecycle> server(
            EngineChoice choice, Duration handshakeTimeout) {
        return BidiFlow.fromGraph(new TlsStage(null, choice, handshakeTimeout));
    }

    @Override
    public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, TlsLifecycle> createLogicAndMaterializedValuePair(Attributes attributes) {
        CompletableFuture<TlsHandshake> handshake = new CompletableFuture<>();
        CompletableFuture<Done> terminated = new CompletableFuture<>();
        return Pair.create(new TlsLogic(this, handshake, terminated), new TlsLifecycle(handshake, terminated));
    }
}
