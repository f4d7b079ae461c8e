package io.zitipekko.actors.router;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.Alert;
import io.zitipekko.transport.control.proto.Alerts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit of what this router refuses: who, whence, what, why. The first refusal of a kind is logged and told to a controller, which makes an
 * event of it (message 1054); those like it, from the same host for the same reason, are counted for a minute and told with the next one.
 * However many hosts and reasons there are, only so many lines and messages are made a second. Thread-safe; never blocks.
 */
public final class RefusalReporter {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalReporter.class);
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final int MAX_KINDS = 512;
    private static final int TOLD_PER_SECOND = 10;
    private static final int MAX_TEXT = 300;

    /** What is refused. */
    public enum Door {
        /** Another router's link. */
        LINK,
        /** An SDK's channel. */
        EDGE,
        /** A circuit for an SDK. */
        DIAL,
        /** An SDK's wish to host. */
        BIND
    }

    private record Kind(Door door, String host, String reason) {}

    private static final class Like {
        Instant told = Instant.EPOCH;
        long since;
    }

    private final ControllerClient controllers;
    private final InstantSource clock;
    private final Map<Door, LongAdder> counts = new EnumMap<>(Door.class);
    /** Guarded by itself. The longest unused goes first. */
    private final LinkedHashMap<Kind, Like> kinds = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Kind, Like> eldest) {
            return size() > MAX_KINDS;
        }
    };

    private long second;
    private int toldInSecond;

    public RefusalReporter(ControllerClient controllers, InstantSource clock) {
        this.controllers = controllers;
        this.clock = clock;
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
        long more = mayTell(new Kind(door, host(from), shortened(reason)), now);
        if (more < 0) {
            return;
        }
        String name = door.name().toLowerCase(Locale.ROOT);
        String others = more == 0 ? "" : " (and " + more + " more like it)";
        LOG.warn(
                "{} refused: {} from {} asked for {}: {}{}",
                name,
                shortened(who),
                from,
                shortened(what),
                shortened(reason),
                others);
        Alert alert = Alert.newBuilder()
                .setSourceType("self")
                .setTimestamp(now.toEpochMilli())
                .setSeverity("warning")
                .setMessage(name + " refused: " + shortened(reason) + others)
                .addDetails("who: " + shortened(who))
                .addDetails("from: " + from)
                .addDetails("what: " + shortened(what))
                .build();
        controllers.send(
                ControllerPreference.MOST_RESPONSIVE,
                Lane.LOW,
                Message.of(
                        ControlContentType.ALERTS,
                        Headers.EMPTY,
                        Alerts.newBuilder().addAlerts(alert).build().toByteArray()));
    }

    /** How many others like it were not told; negative when this one is not to be told either. */
    private long mayTell(Kind kind, Instant now) {
        synchronized (kinds) {
            Like like = kinds.computeIfAbsent(kind, k -> new Like());
            if (now.isBefore(like.told.plus(QUIET)) || !roomIn(now.getEpochSecond())) {
                like.since++;
                return -1;
            }
            long more = like.since;
            like.told = now;
            like.since = 0;
            return more;
        }
    }

    private boolean roomIn(long now) {
        if (now != second) {
            second = now;
            toldInSecond = 0;
        }
        return ++toldInSecond <= TOLD_PER_SECOND;
    }

    /** How many were refused since the start. */
    public long count(Door door) {
        return counts.get(door).sum();
    }

    private static String host(String address) {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }

    /** One line of bounded length: much of it is a peer's own words. */
    private static String shortened(String text) {
        String cut = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
        return cut.replaceAll("\\p{Cntrl}", " ");
    }
}
