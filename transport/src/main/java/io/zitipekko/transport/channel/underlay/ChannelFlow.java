package io.zitipekko.transport.channel.underlay;

import io.zitipekko.transport.channel.ChannelClosedException;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.channel.HandshakeException;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.UnderlayInfo;
import io.zitipekko.transport.channel.frame.FrameBatch;
import io.zitipekko.transport.channel.frame.FrameDecoder;
import io.zitipekko.transport.channel.frame.FrameLimits;
import io.zitipekko.transport.channel.frame.FramingException;
import io.zitipekko.transport.channel.frame.UnknownMarkerException;
import io.zitipekko.transport.channel.group.Underlay;
import io.zitipekko.transport.channel.group.UnderlayGroup;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One underlay: bytes received in, bytes to send out, and a channel behind it.
 *
 * <pre>
 *             +------------------------------------------+
 *   bytes --> | decode --> hello once, then the channel  |   back-pressured by pauseReading
 *             |                    |                     |
 *   bytes <-- | encode <-- drain of the channel's lanes  |   up to 64 KiB for each demand
 *             +------------------------------------------+
 * </pre>
 *
 * <ul>
 *   <li>emits when the channel has something for this underlay and the outlet has demand
 *   <li>back-pressures while the hello is being decided and while the channel's owner has paused reading
 *   <li>completes when the channel or the peer closes; what is queued goes out first, if the peer takes it within a second
 *   <li>fails when the peer sends what is no frame, or does not read at the end
 *   <li>cancels when it completes; a cancelled outlet ends the underlay
 * </ul>
 */
public final class ChannelFlow extends GraphStage<FlowShape<ByteString, ByteString>> {
    private static final Logger log = LoggerFactory.getLogger(ChannelFlow.class);
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Inlet<ByteString> in = Inlet.create("ChannelFlow.in");
    private final Outlet<ByteString> out = Outlet.create("ChannelFlow.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final HelloHandshake handshake;
    private final ChannelOptions options;

    private ChannelFlow(HelloHandshake handshake, ChannelOptions options) {
        this.handshake = handshake;
        this.options = options;
    }

    /** A flow for one underlay, to be materialized once. */
    public static ChannelFlow of(HelloHandshake handshake, ChannelOptions options) {
        return new ChannelFlow(handshake, options);
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private enum Signal {
        WAKE,
        RESUME
    }

    private enum Timer {
        HELLO,
        LINGER
    }

    private record Settled(HelloHandshake.@Nullable Outcome outcome, @Nullable Throwable failure) {}

    private final class Logic extends TimerGraphStageLogic implements Underlay {
        private final FrameDecoder decoder = handshake.decoder();
        private final FrameBatch batch = new FrameBatch();
        private final AtomicBoolean idle = new AtomicBoolean();
        private final AsyncCallback<Signal> signals = createAsyncCallback(this::onSignal);
        private final AsyncCallback<String> shutDowns = createAsyncCallback(this::endAfterFlush);
        private final AsyncCallback<Settled> outcomes = createAsyncCallback(this::onSettled);

        private @Nullable ByteString first = handshake.opening().isEmpty() ? null : handshake.opening();
        private boolean settling;
        private boolean inputEnded;
        private boolean ending;
        private String endReason = "the connection was lost";
        private @Nullable UnderlayInfo info;
        private @Nullable UnderlayGroup group;

        Logic() {
            super(shape);
            setHandlers(in, out, new AbstractInOutHandler() {
                @Override
                public void onPush() {
                    received(grab(in));
                }

                @Override
                public void onPull() {
                    flush();
                }

                @Override
                public void onUpstreamFinish() {
                    inputEnded = true;
                    if (!settling) {
                        pump();
                    }
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    endReason = "the connection failed: " + failure.getMessage();
                    failStage(failure);
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    endReason = "the peer closed the connection";
                    cancelStage(cause);
                }
            });
        }

        @Override
        public void preStart() {
            if (!handshake.begin()) {
                completeStage();
                return;
            }
            scheduleOnce(Timer.HELLO, options.helloTimeout());
            pull(in);
        }

        private void received(ByteString bytes) {
            // What the handler sends from here goes out at the end of this, without a wake-up.
            idle.set(false);
            decoder.feed(bytes);
            pump();
            flush();
        }

        private void pump() {
            try {
                while (!settling && !ending && (inputEnded || group == null || !group.isPaused())) {
                    Message message = decoder.next();
                    if (message == null) {
                        if (inputEnded) {
                            endReason = "the peer closed the connection";
                            completeStage();
                        } else if (!hasBeenPulled(in)) {
                            pull(in);
                        }
                        return;
                    }
                    if (group == null) {
                        settle(message);
                    } else {
                        group.receive(this, message);
                    }
                }
            } catch (FramingException e) {
                notUnderstood(e);
            }
        }

        private void notUnderstood(FramingException failure) {
            log.debug("{}: {}", info == null ? "an underlay before its hello" : info, failure.getMessage());
            if (group == null) {
                handshake.failed(failure);
                if (failure instanceof UnknownMarkerException) {
                    ByteString reply = handshake.answerToUnknownVersion();
                    first = reply.isEmpty() ? null : reply;
                }
            }
            endAfterFlush(failure.getMessage());
        }

        private void settle(Message message) {
            settling = true;
            handshake
                    .onFirst(message)
                    .whenComplete((outcome, failure) -> outcomes.invoke(new Settled(outcome, failure)));
        }

        private void onSettled(Settled settled) {
            settling = false;
            if (ending) {
                return;
            }
            if (settled.failure() != null || settled.outcome() == null) {
                Throwable failure = settled.failure() == null
                        ? new HandshakeException("the hello was given no outcome")
                        : settled.failure();
                handshake.failed(failure);
                endAfterFlush("the hello failed: " + failure.getMessage());
            } else if (settled.outcome() instanceof HelloHandshake.Outcome.Refuse refuse) {
                log.debug("an underlay is refused: {}", refuse.reason());
                append(refuse.write());
                endAfterFlush(refuse.reason());
            } else if (settled.outcome() instanceof HelloHandshake.Outcome.Open open) {
                cancelTimer(Timer.HELLO);
                append(open.write());
                info = open.info();
                decoder.limit(FrameLimits.ofTotal(options.maxMessageBytes()));
                group = open.attach().attach(this);
                if (group == null) {
                    endAfterFlush("refused to join its channel");
                } else {
                    pump();
                    flush();
                }
            }
        }

        private void append(ByteString bytes) {
            if (!bytes.isEmpty()) {
                first = first == null ? bytes : first.concat(bytes);
            }
        }

        private void flush() {
            while (!isClosed(out) && isAvailable(out)) {
                if (first != null) {
                    push(out, first);
                    first = null;
                    if (ending && group == null) {
                        completeStage();
                    }
                    return;
                }
                if (group != null) {
                    idle.set(false);
                    group.drain(this, batch);
                    if (!batch.isEmpty()) {
                        push(out, batch.take());
                        return;
                    }
                }
                if (ending) {
                    completeStage();
                    return;
                }
                if (group == null) {
                    return;
                }
                idle.set(true);
                // Whoever queued before this line saw an underlay that is not idle: look again.
                if (!group.hasWork(this) || !idle.compareAndSet(true, false)) {
                    return;
                }
            }
        }

        private void onSignal(Signal signal) {
            if (signal == Signal.RESUME) {
                pump();
            }
            flush();
        }

        private void endAfterFlush(String reason) {
            if (ending) {
                return;
            }
            ending = true;
            endReason = reason;
            cancelTimer(Timer.HELLO);
            scheduleOnce(Timer.LINGER, LINGER);
            if (first == null && group == null) {
                completeStage();
            } else {
                flush();
            }
        }

        @Override
        public void onTimer(Object timer) {
            if (timer == Timer.LINGER) {
                failStage(new ChannelClosedException(endReason));
                return;
            }
            endReason = "no hello within " + options.helloTimeout();
            handshake.failed(new TimeoutException(endReason));
            completeStage();
        }

        @Override
        public void postStop() {
            if (group != null) {
                group.detach(this, endReason);
            } else {
                handshake.failed(new HandshakeException(endReason));
            }
        }

        // ---- Underlay: any thread
        // ------------------------------------------------------------------------------------------

        @Override
        public UnderlayInfo info() {
            if (info == null) {
                throw new IllegalStateException("an underlay before its hello has no description");
            }
            return info;
        }

        @Override
        public boolean tryWake() {
            if (idle.compareAndSet(true, false)) {
                signals.invoke(Signal.WAKE);
                return true;
            }
            return false;
        }

        @Override
        public void resume() {
            signals.invoke(Signal.RESUME);
        }

        @Override
        public void shutDown(String reason) {
            shutDowns.invoke(reason);
        }
    }
}
