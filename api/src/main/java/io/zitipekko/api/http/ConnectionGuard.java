package io.zitipekko.api.http;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Ends connections that idle, dawdle over a request's headers, or keep sending after the last answer.
 *
 * <pre>
 *   network ~&gt; received  | guard |  requests  ~&gt; HTTP
 *   network &lt;~ sent      |       |  responses &lt;~ HTTP
 * </pre>
 *
 * <p><b>Emits when</b> the other side of the same direction does; it holds nothing back.
 *
 * <p><b>Back-pressures when</b> the same direction's downstream does.
 *
 * <p><b>Completes when</b> the answers have ended and the peer has closed, or has not within the linger time; what it sends meanwhile is
 * dropped.
 *
 * <p><b>Fails when</b> a time limit is passed.
 */
final class ConnectionGuard extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Inlet<ByteString> received = Inlet.create("ConnectionGuard.received");
    private final Outlet<ByteString> requests = Outlet.create("ConnectionGuard.requests");
    private final Inlet<ByteString> responses = Inlet.create("ConnectionGuard.responses");
    private final Outlet<ByteString> sent = Outlet.create("ConnectionGuard.sent");
    private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
            BidiShape.of(received, requests, responses, sent);
    private final HttpLimits limits;
    private final Exchange exchange;

    /** Whether a request is being served: told by the HTTP side, read here, both in one connection's stream. */
    static final class Exchange {
        private volatile boolean serving;
        /** How many requests have come so far: tells a request's end from one that never ends. */
        private volatile int requests;

        @SuppressWarnings("NonAtomicOperationOnVolatileField") // only the HTTP side writes
        void begun() {
            requests++;
            serving = true;
        }

        void ended() {
            serving = false;
        }
    }

    private ConnectionGuard(HttpLimits limits, Exchange exchange) {
        this.limits = limits;
        this.exchange = exchange;
    }

    static ConnectionGuard of(HttpLimits limits, Exchange exchange) {
        return new ConnectionGuard(limits, exchange);
    }

    @Override
    public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        /** When a byte last passed, in either direction. */
        private long lastByte = System.nanoTime();
        /** When the first byte of a request came whose headers are not complete; 0 for none. */
        private long headSince;
        /** How many requests had come when {@link #headSince} was looked at last. */
        private int requestsSeen;
        /** When the last answer was handed to the network; 0 while answers may follow. */
        private long endedAt;

        Logic() {
            super(shape);
            setHandler(received, new AbstractInHandler() {
                @Override
                public void onPush() {
                    onReceived(grab(received));
                }

                @Override
                public void onUpstreamFinish() {
                    if (endedAt != 0) {
                        completeStage();
                    } else {
                        complete(requests);
                    }
                }
            });
            setHandler(requests, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    considerPull();
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    considerPull();
                }
            });
            setHandler(responses, new AbstractInHandler() {
                @Override
                public void onPush() {
                    lastByte = System.nanoTime();
                    push(sent, grab(responses));
                }

                @Override
                public void onUpstreamFinish() {
                    onAnswersEnded();
                }
            });
            setHandler(sent, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (!hasBeenPulled(responses) && !isClosed(responses)) {
                        pull(responses);
                    }
                }
            });
        }

        @Override
        public void preStart() {
            Duration shortest = limits.headTimeout().compareTo(limits.idleTimeout()) < 0
                    ? limits.headTimeout()
                    : limits.idleTimeout();
            Duration tick = shortest.dividedBy(4);
            scheduleWithFixedDelay("tick", tick, tick);
        }

        private void onReceived(ByteString bytes) {
            lastByte = System.nanoTime();
            if (endedAt != 0 || isClosed(requests)) {
                considerPull();
                return;
            }
            forgetCompleteHead();
            if (!exchange.serving && headSince == 0) {
                headSince = lastByte;
            }
            push(requests, bytes);
        }

        private void forgetCompleteHead() {
            int requestsNow = exchange.requests;
            if (requestsNow != requestsSeen) {
                requestsSeen = requestsNow;
                headSince = 0;
            }
        }

        private void considerPull() {
            if (!isClosed(received) && !hasBeenPulled(received)) {
                pull(received);
            }
        }

        private void onAnswersEnded() {
            endedAt = System.nanoTime();
            complete(sent);
            if (isClosed(received)) {
                completeStage();
            } else {
                scheduleOnce("linger", LINGER);
                considerPull();
            }
        }

        @Override
        public void onTimer(Object timer) {
            if (timer.equals("linger")) {
                completeStage();
                return;
            }
            long now = System.nanoTime();
            forgetCompleteHead();
            if (headSince != 0 && now - headSince > limits.headTimeout().toNanos()) {
                failStage(new TimeoutException("no complete request headers within " + limits.headTimeout()));
            } else if (!exchange.serving
                    && now - lastByte > limits.idleTimeout().toNanos()) {
                completeStage();
            } else if (now - lastByte
                    > limits.idleTimeout().plus(limits.handlerTimeout()).toNanos()) {
                failStage(new TimeoutException("no progress for " + limits.idleTimeout()));
            }
        }
    }
}
