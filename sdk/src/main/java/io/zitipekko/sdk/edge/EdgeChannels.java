package io.zitipekko.sdk.edge;

import io.zitipekko.sdk.ZitiException;
import io.zitipekko.sdk.ZitiOptions;
import io.zitipekko.sdk.auth.ApiSession;
import io.zitipekko.sdk.auth.EdgeRouterDetail;
import io.zitipekko.transport.channel.ChannelDial;
import io.zitipekko.transport.channel.ChannelDialer;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.xgress.end.CircuitTimer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels to edge routers, one each, opened when they are needed and kept until they are lost. A channel belongs to the API session
 * that it was opened with: after a new log-in fresh ones are opened, and the old ones close when nothing uses them. Thread-safe.
 */
public final class EdgeChannels {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeChannels.class);
    /** How many routers are tried at once when none is connected. */
    private static final int TRIED_AT_ONCE = 4;
    /** How long a closing context waits for peers to acknowledge what was written to them. */
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(2);

    private final ActorSystem system;
    private final ZitiOptions options;
    private final ConcurrentHashMap<String, CompletableFuture<EdgeChannel>> channels = new ConcurrentHashMap<>();
    private final Cancellable probes;
    private final ScheduledExecutorService circuitTime = CircuitTimer.thread("ziti-sdk-circuit-time");
    private final CircuitTimer timer = CircuitTimer.on(circuitTime);
    private volatile boolean closed;

    public EdgeChannels(ActorSystem system, ZitiOptions options) {
        this.system = system;
        this.options = options;
        this.probes = system.scheduler()
                .scheduleWithFixedDelay(
                        options.probeInterval(), options.probeInterval(), this::probeAll, system.dispatcher());
    }

    private void probeAll() {
        channels.forEach((key, future) -> {
            EdgeChannel channel = connected(future);
            if (channel != null) {
                channel.probe(options.probeTimeout());
            }
        });
    }

    private static @Nullable EdgeChannel connected(CompletableFuture<EdgeChannel> future) {
        if (!future.isDone() || future.isCompletedExceptionally()) {
            return null;
        }
        EdgeChannel channel = future.join();
        return channel.isClosed() ? null : channel;
    }

    /** The channel with the lowest latency among these routers; connects when none is connected, and the first that answers wins. */
    public CompletionStage<EdgeChannel> best(ApiSession session, List<EdgeRouterDetail> routers) {
        Optional<EdgeChannel> connected = routers.stream()
                .map(router -> channels.get(key(session, router.name())))
                .filter(future -> future != null)
                .map(EdgeChannels::connected)
                .filter(channel -> channel != null)
                .min(Comparator.comparingLong(EdgeChannel::latencyNanos));
        if (connected.isPresent()) {
            return CompletableFuture.completedStage(connected.get());
        }
        List<EdgeRouterDetail> candidates = routers.stream()
                .filter(router -> router.address().isPresent())
                .sorted(Comparator.comparing((EdgeRouterDetail router) -> !router.online()))
                .toList();
        if (candidates.isEmpty()) {
            return CompletableFuture.failedStage(new ZitiException("no edge router with a tls address among ["
                    + routers.stream().map(EdgeRouterDetail::name).collect(Collectors.joining(", ")) + "]"));
        }
        return firstOf(session, candidates, 0);
    }

    private CompletionStage<EdgeChannel> firstOf(ApiSession session, List<EdgeRouterDetail> candidates, int from) {
        int to = Math.min(candidates.size(), from + TRIED_AT_ONCE);
        CompletableFuture<EdgeChannel> first = new CompletableFuture<>();
        AtomicInteger open = new AtomicInteger(to - from);
        for (EdgeRouterDetail router : candidates.subList(from, to)) {
            connect(session, router).whenComplete((channel, failure) -> {
                if (failure == null) {
                    first.complete(channel);
                } else if (open.decrementAndGet() == 0) {
                    if (to == candidates.size()) {
                        first.completeExceptionally(ZitiException.unwrapped(failure));
                    } else {
                        firstOf(session, candidates, to).whenComplete((later, laterFailure) -> {
                            if (laterFailure == null) {
                                first.complete(later);
                            } else {
                                first.completeExceptionally(ZitiException.unwrapped(laterFailure));
                            }
                        });
                    }
                }
            });
        }
        return first;
    }

    /** The channel to this router, opened if need be. */
    public CompletionStage<EdgeChannel> connect(ApiSession session, EdgeRouterDetail router) {
        if (closed) {
            return CompletableFuture.failedStage(new ZitiException("the ziti context is closed"));
        }
        if (router.address().isEmpty()) {
            return CompletableFuture.failedStage(
                    new ZitiException("router '" + router.name() + "' has no tls address (is it offline?)"));
        }
        String key = key(session, router.name());
        CompletableFuture<EdgeChannel> fresh = new CompletableFuture<>();
        CompletableFuture<EdgeChannel> known = channels.compute(key, (k, old) -> {
            boolean usable =
                    old != null && !old.isCompletedExceptionally() && (!old.isDone() || connected(old) != null);
            return usable ? old : fresh;
        });
        if (known == fresh) {
            open(key, session, router, fresh);
        }
        return known;
    }

    private static String key(ApiSession session, String router) {
        return session.id() + "/" + router;
    }

    private void open(String key, ApiSession session, EdgeRouterDetail router, CompletableFuture<EdgeChannel> fresh) {
        ChannelOptions defaults = ChannelOptions.EDGE;
        ChannelDial dial = new ChannelDial(
                ChannelKind.EDGE,
                router.address().orElseThrow(),
                session::routerIdentity,
                List.of(ChannelKind.EDGE.alpn()),
                session.identityId(),
                Headers.builder()
                        .string(EdgeHeader.SESSION_TOKEN, session.token())
                        .build(),
                new ChannelOptions(
                        options.connectTimeout(),
                        defaults.maxMessageBytes(),
                        defaults.laneBytes(),
                        defaults.closeUnresponsive(),
                        defaults.firstResponseGrace(),
                        defaults.startupDelay()),
                false,
                Map.of());
        EdgeChannel[] made = new EdgeChannel[1];
        ChannelDialer.dial(
                        system,
                        dial,
                        channel -> made[0] = new EdgeChannel(router.name(), session.token(), channel, timer))
                .whenComplete((channel, failure) -> {
                    if (failure != null) {
                        channels.remove(key, fresh);
                        Throwable cause = ZitiException.unwrapped(failure);
                        fresh.completeExceptionally(new ZitiException(
                                "router '" + router.name() + "' at " + dial.address() + " cannot be reached: "
                                        + cause.getMessage(),
                                cause));
                        return;
                    }
                    LOG.debug("connected to router {} at {}", router.name(), dial.address());
                    EdgeChannel edge = made[0];
                    channel.closed().thenRun(() -> channels.remove(key, fresh));
                    fresh.complete(edge);
                    edge.probe(options.probeTimeout());
                    if (closed) {
                        channel.close("the ziti context is closed");
                    }
                });
    }

    /** There is a new API session: channels of others close, at once when idle, else with the session that they belong to. */
    public void retireOthersThan(ApiSession session) {
        channels.values().forEach(future -> {
            EdgeChannel channel = connected(future);
            if (channel != null && !channel.belongsTo(session.token()) && channel.isIdle()) {
                channel.channel().close("there is a newer API session");
            }
        });
    }

    /**
     * Closes all, once the peers have what was written to them, or after a while. Idempotent.
     *
     * @return completes when all channels were told to close
     */
    public CompletionStage<Void> close() {
        closed = true;
        probes.cancel();
        CompletableFuture<?>[] channelsClosed = channels.values().stream()
                .map(EdgeChannels::connected)
                .filter(channel -> channel != null)
                .map(channel -> channel.closeWhenDrained("the ziti context is closed", DRAIN_PATIENCE)
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        // Circuits need no timer when their channels are closed.
        return CompletableFuture.allOf(channelsClosed).thenRun(circuitTime::shutdown);
    }
}
