package io.zitipekko.actors.router.link;

import io.zitipekko.actors.router.RouterSettings.Backoff;
import io.zitipekko.actors.router.RouterSettings.LinkDialer;
import io.zitipekko.transport.address.TransportAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A link to keep up: where it leads, how its dials went, and so how long the next one waits (protocol/04 section 1.8). Belongs to the
 * {@link LinkRegistry}; not thread-safe.
 */
final class WantedLink {
    private final LinkDialer dialer;
    private final RandomGenerator chance;
    private final String linkId = LinkIds.next();
    private TransportAddress address;
    private String version;
    private boolean healthy = true;
    private boolean dialing;
    private int iteration;
    private int failures;
    /** How many links in a row were lost soon after they came up: a peer that only closes them is not dialled again at once. */
    private int shortLives;

    private boolean settled;
    private Duration delay = Duration.ZERO;

    /**
     * @param version of the peer, as the controllers tell it
     * @param chance in how long a pause gets, so that routers that lost a peer together do not all come back to it together
     */
    WantedLink(LinkDialer dialer, TransportAddress address, String version, RandomGenerator chance) {
        this.dialer = dialer;
        this.address = address;
        this.version = version;
        this.chance = chance;
    }

    LinkDialer dialer() {
        return dialer;
    }

    /** The same for each iteration. */
    String linkId() {
        return linkId;
    }

    TransportAddress address() {
        return address;
    }

    String version() {
        return version;
    }

    /** Counts dials. */
    int iteration() {
        return iteration;
    }

    boolean isDialing() {
        return dialing;
    }

    /** Dials that failed since a link last settled. */
    int failures() {
        return failures;
    }

    /** The peer is reported as well; it is dialled without a pause. Answers whether it has moved. */
    boolean healthyAt(TransportAddress now, String nowVersion) {
        boolean moved = !address.equals(now);
        address = now;
        version = nowVersion;
        healthy = true;
        delay = Duration.ZERO;
        return moved;
    }

    void unhealthy() {
        healthy = false;
    }

    void dial() {
        dialing = true;
        iteration++;
    }

    /** Answers how long to wait before the next dial. */
    Duration failed() {
        dialing = false;
        failures++;
        Backoff backoff = healthy ? dialer.healthy() : dialer.unhealthy();
        delay = clamp(
                delay.isZero() ? backoff.min() : Duration.ofMillis((long) (delay.toMillis() * factor(backoff))),
                backoff);
        return delay;
    }

    private double factor(Backoff backoff) {
        return Math.max(1, backoff.factor() + chance.nextDouble() - 0.5);
    }

    private static Duration clamp(Duration d, Backoff b) {
        return d.compareTo(b.min()) < 0 ? b.min() : d.compareTo(b.max()) > 0 ? b.max() : d;
    }

    /** What was dialled is connected. */
    void connected() {
        dialing = false;
    }

    /** A link of this key carries data, whoever dialled it. */
    void up() {
        settled = false;
    }

    /** It has done so for a while: what went before does not count any more. */
    void settled() {
        settled = true;
        shortLives = 0;
        failures = 0;
        delay = Duration.ZERO;
    }

    /** It is gone. Answers why it is not dialled again at once; empty when it is. */
    Optional<String> lost(String reason) {
        shortLives += settled ? 0 : 1;
        if (!healthy) {
            return Optional.of("the link was lost and the router is reported down");
        }
        return shortLives > 1 ? Optional.of("lost again soon after it came up: " + reason) : Optional.empty();
    }
}
