package io.zitipekko.sdk.host;

import io.zitipekko.sdk.Backoff;
import io.zitipekko.sdk.ZitiException;
import io.zitipekko.sdk.ZitiOptions;
import io.zitipekko.sdk.auth.EdgeRouterDetail;
import io.zitipekko.sdk.auth.ServiceCatalog;
import io.zitipekko.sdk.auth.ServiceDetail;
import io.zitipekko.sdk.auth.ServiceSession;
import io.zitipekko.sdk.auth.SessionKeeper;
import io.zitipekko.sdk.edge.EdgeChannels;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.secret.KeyExchange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one service bound to up to {@link BindOptions#maxRouters} routers: binds, binds again with back-off what was lost, with
 * fresh sessions when the old ones are refused. Thread-safe.
 */
final class Hosting implements ServiceBinding {
    private static final Logger LOG = LoggerFactory.getLogger(Hosting.class);

    private final ActorSystem system;
    private final SessionKeeper keeper;
    private final ServiceCatalog catalog;
    private final EdgeChannels channels;
    private final ServiceDetail service;
    private final BindOptions bindOptions;
    private final @Nullable KeyExchange keys;
    private final Consumer<DialRequest> onDial;
    // The same over all routers and re-binds: by it a router knows a new bind for an old one's successor.
    private final byte[] listenerId = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
    private final Backoff backoff;
    private final CompletableFuture<ServiceBinding> firstBound = new CompletableFuture<>();
    private final CompletableFuture<Done> unbound = new CompletableFuture<>();

    // Guarded by this.
    private final List<RouterBinding> bound = new ArrayList<>();
    private final Set<String> binding = new HashSet<>();
    private boolean stopped;
    private boolean retryScheduled;

    Hosting(
            ActorSystem system,
            ZitiOptions options,
            SessionKeeper keeper,
            ServiceCatalog catalog,
            EdgeChannels channels,
            ServiceDetail service,
            BindOptions bindOptions,
            Consumer<DialRequest> onDial) {
        this.system = system;
        this.keeper = keeper;
        this.catalog = catalog;
        this.channels = channels;
        this.service = service;
        this.bindOptions = bindOptions;
        this.keys = service.encryptionRequired() ? KeyExchange.generate() : null;
        this.onDial = onDial;
        this.backoff = new Backoff(options.retryMin(), options.retryMax());
    }

    /** Begins; completes when the first router is bound, fails when the first round has failed everywhere. */
    CompletionStage<ServiceBinding> start() {
        round();
        return firstBound;
    }

    /** Binds to as many routers as are missing. */
    private void round() {
        catalog.session(service, ServiceSession.Type.BIND).whenComplete((session, failure) -> {
            if (failure != null) {
                failed(ZitiException.unwrapped(failure));
                return;
            }
            List<EdgeRouterDetail> wanted = wanted(session);
            if (wanted.isEmpty() && routers().isEmpty()) {
                catalog.forget(service, ServiceSession.Type.BIND);
                failed(new ZitiException(
                        "service '" + service.name() + "': no edge router with a tls address to bind to"));
            }
            wanted.forEach(router -> bind(session, router));
        });
    }

    private synchronized List<EdgeRouterDetail> wanted(ServiceSession session) {
        if (stopped) {
            return List.of();
        }
        Set<String> taken = new HashSet<>(binding);
        bound.forEach(b -> taken.add(b.router()));
        List<EdgeRouterDetail> wanted = session.edgeRouters().stream()
                .filter(router -> router.address().isPresent() && !taken.contains(router.name()))
                .sorted(Comparator.comparing((EdgeRouterDetail router) -> !router.online()))
                .limit(Math.max(0, bindOptions.maxRouters() - taken.size()))
                .toList();
        wanted.forEach(router -> binding.add(router.name()));
        return wanted;
    }

    private void bind(ServiceSession session, EdgeRouterDetail router) {
        channels.connect(session.apiSession(), router)
                .thenCompose(channel -> {
                    RouterBinding listener =
                            channel.register(id -> new RouterBinding(channel, id, service, session, onDial));
                    return listener.bind(bindOptions, listenerId, keys).thenApply(nothing -> listener);
                })
                .whenComplete((listener, failure) -> {
                    if (failure != null) {
                        synchronized (this) {
                            binding.remove(router.name());
                        }
                        refused(session, ZitiException.unwrapped(failure));
                    } else {
                        established(session, router, listener);
                    }
                });
    }

    private void established(ServiceSession session, EdgeRouterDetail router, RouterBinding listener) {
        boolean late;
        synchronized (this) {
            binding.remove(router.name());
            late = stopped;
            if (!late) {
                bound.add(listener);
            }
        }
        if (late) {
            listener.unbind();
            return;
        }
        backoff.reset();
        LOG.debug("service {} is bound at router {}", service.name(), router.name());
        firstBound.complete(this);
        listener.ended().whenComplete((reason, never) -> {
            boolean lost;
            synchronized (this) {
                lost = bound.remove(listener) && !stopped;
            }
            if (lost) {
                LOG.info("{}; binding again", reason.getMessage());
                refused(session, reason);
            }
        });
    }

    private void refused(ServiceSession session, Throwable failure) {
        // A router that was lost may come back under another address, a session may be gone: ask the controller anew.
        catalog.forget(service, ServiceSession.Type.BIND);
        if (failure instanceof ZitiException refusal) {
            if (refusal.code().filter(EdgeErrorCode.INVALID_API_SESSION::equals).isPresent()) {
                keeper.invalidate(session.apiSession());
            }
            if (refusal.hint() == RetryHint.NOT_RETRIABLE && routers().isEmpty()) {
                stop(failure);
                return;
            }
        }
        failed(failure);
    }

    private void failed(Throwable failure) {
        boolean alone;
        synchronized (this) {
            alone = bound.isEmpty() && binding.isEmpty();
        }
        if (alone && !firstBound.isDone()) {
            stop(failure);
            return;
        }
        synchronized (this) {
            if (stopped || retryScheduled) {
                return;
            }
            retryScheduled = true;
        }
        LOG.debug("service {} will be bound again: {}", service.name(), failure.getMessage());
        system.scheduler()
                .scheduleOnce(
                        backoff.next(),
                        () -> {
                            synchronized (this) {
                                retryScheduled = false;
                            }
                            round();
                        },
                        system.dispatcher());
    }

    private void stop(@Nullable Throwable failure) {
        List<RouterBinding> open;
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
            open = List.copyOf(bound);
            bound.clear();
        }
        open.forEach(RouterBinding::unbind);
        if (keys != null && failure != null) {
            keys.close();
        }
        if (failure == null) {
            firstBound.completeExceptionally(new ZitiException("service '" + service.name() + "': no longer hosted"));
            unbound.complete(Done.getInstance());
        } else {
            firstBound.completeExceptionally(failure);
            unbound.completeExceptionally(failure);
        }
    }

    @Nullable
    KeyExchange keys() {
        return keys;
    }

    @Override
    public String service() {
        return service.name();
    }

    @Override
    public synchronized List<String> routers() {
        return bound.stream().map(RouterBinding::router).toList();
    }

    @Override
    public CompletionStage<Done> unbind() {
        stop(null);
        return unbound;
    }

    @Override
    public CompletionStage<Done> whenUnbound() {
        return unbound;
    }

    @Override
    public String toString() {
        return "ServiceBinding[" + service.name() + " at " + routers() + "]";
    }
}
