package io.zitipekko.transport.channel.underlay;

import io.zitipekko.transport.channel.ChannelDial;
import io.zitipekko.transport.channel.UnderlayInfo;
import io.zitipekko.transport.channel.group.UnderlaySupply;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a dialed channel at the number of underlays that it wants: one dial at a time, with {@link DialBackOff}. Thread-safe. */
final class UnderlayKeeper implements UnderlaySupply {
    private static final Logger log = LoggerFactory.getLogger(UnderlayKeeper.class);

    private final ClassicActorSystemProvider system;
    private final ChannelDial spec;
    private final Map<String, Integer> wanted;
    private final Function<String, CompletionStage<UnderlayInfo>> dial;
    private final DialBackOff backOff;
    private final long startAt;

    private final Map<Long, Long> upSince = new HashMap<>();
    private List<UnderlayInfo> connected = List.of();
    private boolean dialing;
    private boolean stopped;
    private @Nullable Cancellable timer;

    /**
     * @param wanted underlays by type
     * @param dial opens one of a type; completes when it has joined
     */
    UnderlayKeeper(
            ClassicActorSystemProvider system,
            ChannelDial spec,
            Map<String, Integer> wanted,
            Function<String, CompletionStage<UnderlayInfo>> dial) {
        this.system = system;
        this.spec = spec;
        this.wanted = wanted;
        this.dial = dial;
        this.backOff = new DialBackOff(spec.kind().stableAfter(), spec.kind().minDialGap());
        this.startAt = System.nanoTime() + spec.options().startupDelay().toNanos();
    }

    @Override
    public synchronized void changed(Supplier<List<UnderlayInfo>> current) {
        long time = System.nanoTime();
        List<UnderlayInfo> now = current.get();
        connected = now;
        List<Long> ids = now.stream().map(UnderlayInfo::id).toList();
        upSince.entrySet().removeIf(up -> {
            boolean lost = !ids.contains(up.getKey());
            if (lost) {
                backOff.lost(up.getValue(), time);
            }
            return lost;
        });
        ids.forEach(id -> upSince.putIfAbsent(id, time));
        plan();
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
        }
    }

    private @Nullable String missing() {
        // The first type before the others: without it some kinds do not live.
        if (lacks(spec.kind().firstType())) {
            return spec.kind().firstType();
        }
        return wanted.keySet().stream().filter(this::lacks).findFirst().orElse(null);
    }

    private boolean lacks(String type) {
        return connected.stream().filter(info -> info.type().equals(type)).count() < wanted.getOrDefault(type, 0);
    }

    private synchronized void plan() {
        if (stopped || dialing || missing() == null) {
            return;
        }
        dialing = true;
        long now = System.nanoTime();
        Duration delay = backOff.delay(now);
        Duration start = Duration.ofNanos(Math.max(0, startAt - now));
        timer = system.classicSystem()
                .scheduler()
                .scheduleOnce(
                        delay.compareTo(start) > 0 ? delay : start,
                        this::dialNext,
                        system.classicSystem().dispatcher());
    }

    private void dialNext() {
        String type;
        synchronized (this) {
            type = missing();
            if (stopped || type == null) {
                dialing = false;
                return;
            }
            backOff.dialing(System.nanoTime());
        }
        dial.apply(type).whenComplete(this::dialed);
    }

    private synchronized void dialed(@Nullable UnderlayInfo joined, @Nullable Throwable failure) {
        dialing = false;
        if (joined == null) {
            backOff.failed();
            log.debug("another underlay to {} failed", spec.address(), failure);
        } else {
            // The group has told of the new underlay, and perhaps of its end, before this.
            backOff.succeeded(System.nanoTime());
        }
        plan();
    }
}
