package io.zitipekko.actors.router.link;

import io.zitipekko.transport.channel.Channel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Pairs the payload and the acknowledgement connection of split links, which older routers dial (protocol/04 section 1.5). A half that
 * stays alone for 30 s is closed; at most {@value #MAX_WAITING} wait. Thread-safe.
 */
final class SplitHalves {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final int MAX_WAITING = 256;

    record Half(boolean isPayloads, Channel channel, LinkHandler handler) {}

    record Pair(Half payloads, Half acknowledgements) {}

    private record Waiting(Half half, Instant since) {}

    private final InstantSource clock;
    private final Map<String, Waiting> waiting = new HashMap<>();

    SplitHalves(InstantSource clock) {
        this.clock = clock;
    }

    synchronized Optional<Pair> add(String pairing, Half half) {
        dropStale();
        Waiting other = waiting.remove(pairing);
        if (other != null
                && other.half().isPayloads() != half.isPayloads()
                && !other.half().channel().isClosed()) {
            return Optional.of(half.isPayloads() ? new Pair(half, other.half()) : new Pair(other.half(), half));
        }
        if (other != null) {
            other.half().channel().close("another half of the same split link came");
        }
        if (waiting.size() >= MAX_WAITING) {
            half.channel().close("too many halves of split links wait for their other half");
            return Optional.empty();
        }
        waiting.put(pairing, new Waiting(half, clock.instant()));
        return Optional.empty();
    }

    private void dropStale() {
        Instant oldest = clock.instant().minus(LONGEST_WAIT);
        for (Iterator<Waiting> i = waiting.values().iterator(); i.hasNext(); ) {
            Waiting w = i.next();
            if (w.since().isBefore(oldest)) {
                w.half().channel().close("the other half of the split link did not come");
                i.remove();
            }
        }
    }
}
