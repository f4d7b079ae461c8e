package io.zitipekko.actors.router;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.Alert;
import io.zitipekko.transport.control.proto.Alerts;
import io.zitipekko.transport.refusal.PlainText;
import io.zitipekko.transport.refusal.RefusalLimiter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit of what this router refuses: who, whence, what, why. A refusal is logged and told to a controller, which makes an event of it
 * (message 1054), as far as the {@link RefusalLimiter} lets it through: those like it, from the same host for the same reason, are counted for
 * a minute, and however many hosts and reasons there are, only so many lines and messages are made. Thread-safe; never blocks.
 */
public final class RefusalReporter {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalReporter.class);

    /** What is refused. */
    public enum Door {
        /** A connection, in its TLS handshake: no protocol has spoken yet. */
        CONNECTION,
        /** Another router's link. */
        LINK,
        /** An SDK's channel. */
        EDGE,
        /** A circuit for an SDK. */
        DIAL,
        /** An SDK's wish to host. */
        BIND
    }

    private final ControllerClient controllers;
    private final InstantSource clock;
    private final Map<Door, LongAdder> counts = new EnumMap<>(Door.class);
    private final RefusalLimiter limiter;

    public RefusalReporter(ControllerClient controllers, InstantSource clock) {
        this(controllers, clock, RefusalLimiter.everyMinute());
    }

    RefusalReporter(ControllerClient controllers, InstantSource clock, RefusalLimiter limiter) {
        this.controllers = controllers;
        this.clock = clock;
        this.limiter = limiter;
        for (Door door : Door.values()) {
            counts.put(door, new LongAdder());
        }
    }

    /**
     * Something was refused.
     *
     * @param who as far as proved or claimed, e.g. {@code identity x}
     * @param from the peer's address, {@code host:port}
     * @param what was asked for
     * @param reason holds no secret
     */
    public void refused(Door door, String who, String from, String what, String reason) {
        counts.get(door).increment();
        Instant now = clock.instant();
        String name = door.name().toLowerCase(Locale.ROOT);
        OptionalLong leftOut = limiter.admit(host(from), PlainText.of(name + " refused: " + reason));
        if (leftOut.isEmpty()) {
            return;
        }
        long more = leftOut.getAsLong();
        String others = more == 0 ? "" : " (and " + more + " more refusals were not told one by one)";
        LOG.warn(
                "{} refused: {} from {} asked for {}: {}{}",
                name,
                PlainText.of(who),
                from,
                PlainText.of(what),
                PlainText.of(reason),
                others);
        Alert alert = Alert.newBuilder()
                .setSourceType("self")
                .setTimestamp(now.toEpochMilli())
                .setSeverity("warning")
                .setMessage(name + " refused: " + PlainText.of(reason) + others)
                .addDetails("who: " + PlainText.of(who))
                .addDetails("from: " + from)
                .addDetails("what: " + PlainText.of(what))
                .build();
        controllers.send(
                ControllerPreference.MOST_RESPONSIVE,
                Lane.LOW,
                Message.of(
                        ControlContentType.ALERTS,
                        Headers.EMPTY,
                        Alerts.newBuilder().addAlerts(alert).build().toByteArray()));
    }

    /** How many were refused since the start. */
    public long count(Door door) {
        return counts.get(door).sum();
    }

    private static String host(String address) {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }
}
