package io.zitipekko.transport.tls;

import io.zitipekko.transport.identity.PresentedCertificates;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.Done;
import org.apache.pekko.dispatch.MessageDispatcher;
import org.apache.pekko.stream.SubscriptionWithCancelException;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One connection of {@link TlsStage}. Handlers only note what happened and call {@link #advance()}, which lets the engine go
 * as far as it can and then decides what to pull and what to complete.
 */
final class TlsLogic extends TimerGraphStageLogic {
    /** Dispatcher for the engine's delegated tasks, i.e. for signatures and key agreement. */
    static final String HANDSHAKE_DISPATCHER = "ziti.tls-handshake";

    private static final String DEADLINE = "handshake deadline";
    private static final String LINGER = "linger";
    private static final Duration LINGER_TIME = Duration.ofSeconds(1);
    private static final String TLS_1_2 = "TLSv1.2";

    private enum Phase {
        /** A listener waits for the ClientHello; there is no engine yet. */
        HELLO,
        HANDSHAKE,
        OPEN,
        /** Failed; the alert waits for the socket. */
        ALERTING,
        /** Failed; the alert is out, the socket is read until the peer has closed or a second is over. */
        LINGERING
    }

    private final TlsStage stage;
    private final CompletableFuture<TlsHandshake> handshake;
    private final CompletableFuture<Done> terminated;
    private final AsyncCallback<Optional<Throwable>> tasksDone = createAsyncCallback(this::onTasksDone);

    private final RecordInput input = new RecordInput();
    private final OutboundQueue outbound = new OutboundQueue();
    private Phase phase = Phase.HELLO;
    private @Nullable SSLEngine engine;
    /** What has come of the ClientHello. */
    private ByteString hello = ByteString.emptyByteString();
    /** Decrypted and not yet asked for. */
    private @Nullable ByteString ready;
    /** True while delegated tasks run elsewhere: until then the engine is not touched. */
    private boolean computing;
    /** True once the engine has been told to close its outbound side. */
    private boolean closing;
    /** The alert to a hello that no engine has seen. */
    private byte @Nullable [] plainAlert;

    private boolean renegotiationPossible;

    TlsLogic(TlsStage stage, CompletableFuture<TlsHandshake> handshake, CompletableFuture<Done> terminated) {
        super(stage.shape());
        this.stage = stage;
        this.handshake = handshake;
        this.terminated = terminated;
        setHandler(stage.plainIn, new PlainIn());
        setHandler(stage.plainOut, new PlainOut());
        setHandler(stage.cipherIn, new CipherIn());
        setHandler(stage.cipherOut, new CipherOut());
    }

    @Override
    public void preStart() {
        scheduleOnce(DEADLINE, stage.handshakeTimeout);
        if (stage.engine != null) {
            try {
                begin(stage.engine.get());
            } catch (SSLException | RuntimeException e) {
                abort(new TlsException("TLS cannot be started: " + e.getMessage(), e));
                return;
            }
        }
        advance();
    }

    private void begin(SSLEngine chosen) throws SSLException {
        engine = chosen;
        phase = Phase.HANDSHAKE;
        chosen.beginHandshake();
    }

    @Override
    public void onTimer(Object key) {
        if (DEADLINE.equals(key)) {
            abort(new TlsException(
                    "TLS handshake was not finished within " + stage.handshakeTimeout.toMillis() + " ms"));
        } else {
            completeStage();
        }
    }

    @Override
    public void postStop() {
        handshake.completeExceptionally(new TlsException("the connection was closed during the TLS handshake"));
        if (engine != null) {
            engine.closeOutbound();
            try {
                engine.closeInbound();
            } catch (SSLException endedWithoutCloseNotify) {
                // Reported to the plain side already where it matters; this call only lets the engine free what it
                // holds.
                engine = null;
            }
        }
        terminated.complete(Done.getInstance());
    }

    // ---- the hello

    private void onHelloBytes(ByteString bytes) {
        hello = hello.concat(bytes);
        try {
            Optional<ClientHello> parsed = ClientHello.parse(hello.asByteBuffer());
            if (parsed.isPresent() && stage.choice != null) {
                input.add(hello.compact());
                hello = ByteString.emptyByteString();
                begin(stage.choice.choose(parsed.get()));
            }
            advance();
        } catch (RefusedClientHelloException e) {
            plainAlert = e.alert().record();
            fail(new TlsException("TLS handshake refused: " + e.getMessage(), e));
        } catch (SSLException | RuntimeException e) {
            plainAlert = TlsAlert.INTERNAL_ERROR.record();
            fail(new TlsException("TLS handshake could not be answered: " + e.getMessage(), e));
        }
    }

    // ---- the engine

    /** Goes on as far as possible, then asks both sides for what is wanted next. */
    private void advance() {
        SSLEngine e = engine;
        if (e != null && (phase == Phase.HANDSHAKE || phase == Phase.OPEN)) {
            try {
                boolean moved = true;
                while (moved && !computing) {
                    if (e.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                        compute(e);
                        break;
                    }
                    boolean read = unwrap(e);
                    boolean written = wrap(e);
                    moved = read || written;
                }
            } catch (SSLException | RuntimeException failure) {
                fail(describe(failure));
                return;
            }
            deliver();
            considerCompletion(e);
        }
        considerPulls();
    }

    /** Decrypts what is there, at most one batch ahead of the plain side. */
    private boolean unwrap(SSLEngine e) throws SSLException {
        if (computing || ready != null || e.isInboundDone()) {
            return false;
        }
        ByteBuffer plain = ScratchBuffers.take();
        boolean moved = false;
        while (plain.remaining() >= ScratchBuffers.MAX_RECORD) {
            ByteBuffer record = input.next();
            if (record == null) {
                break;
            }
            refuseRenegotiation(record);
            SSLEngineResult result = e.unwrap(record, plain);
            moved |= result.bytesConsumed() > 0;
            if (isStuck(e, result) || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                break; // the engine's own words go first, also "finished" is told by a wrap
            }
        }
        if (plain.position() > 0 && !isClosed(stage.plainOut)) {
            ready = ScratchBuffers.copyOf(plain);
            deliver();
        }
        return moved;
    }

    /** Encrypts what waits, as much as makes one good write. */
    private boolean wrap(SSLEngine e) throws SSLException {
        if (computing || !isAvailable(stage.cipherOut)) {
            return false;
        }
        ByteBuffer cipher = ScratchBuffers.take();
        Phase before = phase;
        while (cipher.remaining() >= ScratchBuffers.MAX_RECORD) {
            if (phase == Phase.OPEN && isClosed(stage.plainIn) && outbound.bytes() == 0 && !closing) {
                closing = true;
                e.closeOutbound();
            }
            boolean data = phase == Phase.OPEN && outbound.bytes() > 0 && !e.isOutboundDone();
            if (!data && e.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
                break;
            }
            if (isStuck(e, outbound.wrap(e, cipher))) {
                break;
            }
        }
        if (cipher.position() > 0) {
            push(stage.cipherOut, ScratchBuffers.copyOf(cipher));
        }
        return cipher.position() > 0 || phase != before;
    }

    /** Notes a step of the engine; true when the same call would get no further for now. */
    private boolean isStuck(SSLEngine e, SSLEngineResult result) throws SSLException {
        switch (result.getStatus()) {
            case BUFFER_OVERFLOW, BUFFER_UNDERFLOW ->
                throw new SSLException("the engine wants larger buffers than a TLS record needs: " + result);
            case CLOSED -> {
                return true;
            }
            case OK -> {}
        }
        HandshakeStatus status = result.getHandshakeStatus();
        if (status == HandshakeStatus.FINISHED) {
            onEstablished(e);
            return false;
        }
        return status == HandshakeStatus.NEED_TASK || (result.bytesConsumed() == 0 && result.bytesProduced() == 0);
    }

    private void onEstablished(SSLEngine e) {
        if (phase != Phase.HANDSHAKE) {
            return;
        }
        phase = Phase.OPEN;
        cancelTimer(DEADLINE);
        SSLSession session = e.getSession();
        renegotiationPossible = TLS_1_2.equals(session.getProtocol());
        String alpn = e.getApplicationProtocol();
        handshake.complete(new TlsHandshake(
                alpn == null ? "" : alpn, presented(session), session.getProtocol(), session.getCipherSuite()));
    }

    private static PresentedCertificates presented(SSLSession session) {
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : session.getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
            return new PresentedCertificates(chain);
        } catch (SSLPeerUnverifiedException presentedNothing) {
            return PresentedCertificates.NONE;
        }
    }

    /** In TLS 1.2 any handshake record after the handshake begins another one, in which the peer could become somebody else. */
    private void refuseRenegotiation(ByteBuffer record) throws SSLException {
        if (phase == Phase.OPEN
                && renegotiationPossible
                && RecordInput.typeOf(record) == RecordInput.HANDSHAKE_RECORD) {
            throw new SSLException("peer asked for renegotiation, which is refused");
        }
    }

    private void compute(SSLEngine e) {
        List<Runnable> tasks = new ArrayList<>(1);
        Runnable task;
        while ((task = e.getDelegatedTask()) != null) {
            tasks.add(task);
        }
        computing = true;
        MessageDispatcher dispatcher = materializer().system().dispatchers().lookup(HANDSHAKE_DISPATCHER);
        try {
            dispatcher.execute(() -> tasksDone.invoke(run(tasks)));
        } catch (RejectedExecutionException busy) {
            throw new IllegalStateException(
                    "no thread for the TLS handshake: " + HANDSHAKE_DISPATCHER + " is full", busy);
        }
    }

    private static Optional<Throwable> run(List<Runnable> tasks) {
        try {
            tasks.forEach(Runnable::run);
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(e);
        }
    }

    private void onTasksDone(Optional<Throwable> failure) {
        computing = false;
        if (failure.isPresent()) {
            fail(describe(failure.get()));
        } else {
            advance();
        }
    }

    // ---- what follows from the engine's state

    private void deliver() {
        if (ready != null && isAvailable(stage.plainOut)) {
            ByteString bytes = ready;
            ready = null;
            push(stage.plainOut, bytes);
        }
    }

    private void considerCompletion(SSLEngine e) {
        if (e.isOutboundDone() && !isClosed(stage.cipherOut)) {
            outbound.clear();
            cancel(stage.plainIn);
            complete(stage.cipherOut);
        }
        boolean read = ready == null && !input.hasUnread() && !computing;
        if (e.isInboundDone() && ready == null) {
            complete(stage.plainOut);
        } else if (isClosed(stage.cipherIn) && read) {
            onCut();
            return;
        }
        if (isClosed(stage.plainOut) && isClosed(stage.cipherOut)) {
            completeStage();
        }
    }

    /** The socket's input has ended, everything was read, and TLS did not say that this is the end. */
    private void onCut() {
        if (phase == Phase.HANDSHAKE) {
            abort(new TlsException("peer closed the connection during the TLS handshake"));
        } else if (isClosed(stage.plainOut) && isClosed(stage.cipherOut)) {
            completeStage();
        } else {
            abort(new TlsException("peer closed the connection without TLS close_notify"));
        }
    }

    private void considerPulls() {
        boolean wantsCipher =
                switch (phase) {
                    case HELLO, LINGERING -> true;
                    case HANDSHAKE, OPEN -> ready == null && !input.hasUnread();
                    case ALERTING -> false;
                };
        if (wantsCipher && !hasBeenPulled(stage.cipherIn) && !isClosed(stage.cipherIn)) {
            pull(stage.cipherIn);
        }
        if (phase == Phase.OPEN
                && outbound.bytes() < ScratchBuffers.BATCH
                && !hasBeenPulled(stage.plainIn)
                && !isClosed(stage.plainIn)) {
            pull(stage.plainIn);
        }
    }

    // ---- failure

    private TlsException describe(Throwable failure) {
        String what = phase == Phase.OPEN ? "TLS connection failed: " : "TLS handshake failed: ";
        return new TlsException(what + failure.getMessage(), failure);
    }

    /** Ends the plain side at once; the peer is told by an alert first. */
    private void fail(TlsException reason) {
        if (phase == Phase.ALERTING || phase == Phase.LINGERING) {
            return;
        }
        phase = Phase.ALERTING;
        handshake.completeExceptionally(reason);
        cancelTimer(DEADLINE);
        scheduleOnce(LINGER, LINGER_TIME);
        outbound.clear();
        input.clear();
        ready = null;
        if (!isClosed(stage.plainOut)) {
            fail(stage.plainOut, reason);
        }
        cancel(stage.plainIn, reason);
        sendAlert();
    }

    private void sendAlert() {
        if (!isClosed(stage.cipherOut)) {
            if (!isAvailable(stage.cipherOut)) {
                return;
            }
            ByteString alert = plainAlert != null ? ByteString.fromArrayUnsafe(plainAlert) : alertOfEngine();
            if (alert.nonEmpty()) {
                push(stage.cipherOut, alert);
            }
            complete(stage.cipherOut);
        }
        phase = Phase.LINGERING;
        if (isClosed(stage.cipherIn)) {
            completeStage();
        } else {
            considerPulls();
        }
    }

    private ByteString alertOfEngine() {
        ByteBuffer cipher = ScratchBuffers.take();
        SSLEngine e = engine;
        try {
            while (e != null
                    && cipher.remaining() >= ScratchBuffers.MAX_RECORD
                    && e.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                SSLEngineResult result = outbound.wrap(e, cipher);
                if (result.bytesProduced() == 0 && result.getHandshakeStatus() != HandshakeStatus.FINISHED) {
                    break;
                }
            }
        } catch (SSLException saysNothing) {
            return ByteString.emptyByteString();
        }
        return ScratchBuffers.copyOf(cipher);
    }

    /** Ends everything at once; the socket is reset. */
    private void abort(Throwable reason) {
        handshake.completeExceptionally(reason);
        failStage(reason);
    }

    private static boolean isFailure(Throwable cause) {
        return !(cause instanceof SubscriptionWithCancelException.NonFailureCancellation);
    }

    // ---- ports

    private final class PlainIn extends AbstractInHandler {
        @Override
        public void onPush() {
            outbound.add(grab(stage.plainIn));
            advance();
        }

        @Override
        public void onUpstreamFinish() {
            advance();
        }

        @Override
        public void onUpstreamFailure(Throwable cause) {
            abort(cause);
        }
    }

    private final class PlainOut extends AbstractOutHandler {
        @Override
        public void onPull() {
            deliver();
            advance();
        }

        @Override
        public void onDownstreamFinish(Throwable cause) {
            if (isFailure(cause)) {
                abort(cause);
            } else {
                ready = null;
                advance();
            }
        }
    }

    private final class CipherIn extends AbstractInHandler {
        @Override
        public void onPush() {
            ByteString bytes = grab(stage.cipherIn);
            if (phase == Phase.HELLO) {
                onHelloBytes(bytes);
            } else if (phase == Phase.LINGERING || (engine != null && engine.isInboundDone())) {
                considerPulls(); // nothing after the end counts
            } else {
                input.add(bytes);
                advance();
            }
        }

        @Override
        public void onUpstreamFinish() {
            switch (phase) {
                case HELLO -> abort(new TlsException("peer closed the connection before a ClientHello"));
                case HANDSHAKE, OPEN -> advance();
                case ALERTING -> {} // the alert may still reach the peer
                case LINGERING -> completeStage();
            }
        }

        @Override
        public void onUpstreamFailure(Throwable cause) {
            if (phase == Phase.ALERTING || phase == Phase.LINGERING) {
                completeStage();
            } else {
                abort(new TlsException("connection failed: " + cause.getMessage(), cause));
            }
        }
    }

    private final class CipherOut extends AbstractOutHandler {
        @Override
        public void onPull() {
            if (phase == Phase.ALERTING) {
                sendAlert();
            } else {
                advance();
            }
        }

        @Override
        public void onDownstreamFinish(Throwable cause) {
            if (phase == Phase.ALERTING || phase == Phase.LINGERING) {
                completeStage();
            } else if (isFailure(cause)) {
                abort(new TlsException("connection failed: " + cause.getMessage(), cause));
            } else if (phase == Phase.OPEN) {
                outbound.clear();
                cancel(stage.plainIn);
                advance();
            } else {
                abort(new TlsException("the connection was closed during the TLS handshake"));
            }
        }
    }
}
