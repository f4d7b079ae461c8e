package io.zitipekko.actors.router.edge.session;

import io.zitipekko.actors.model.id.SessionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The service sessions that a controller said are gone, remembered for five minutes: their tokens stay valid as JWTs, and a bind with
 * one must be refused even before a controller is asked (protocol/02 section 16). Thread-safe, bounded: the oldest goes first.
 */
public final class RemovedSessions {
    static final Duration MEMORY = Duration.ofMinutes(5);
    private static final int MOST = 100_000;

    private final Clock clock;
    private final LinkedHashMap<String, Instant> removed = new LinkedHashMap<>();

    public RemovedSessions(Clock clock) {
        this.clock = clock;
    }

    public synchronized void add(String idOrToken) {
        Instant now = clock.instant();
        removed.remove(idOrToken);
        removed.put(idOrToken, now);
        Iterator<Instant> oldest = removed.values().iterator();
        while (oldest.hasNext()) {
            boolean old = !oldest.next().plus(MEMORY).isAfter(now);
            if (!old && removed.size() <= MOST) {
                return;
            }
            oldest.remove();
        }
    }

    public synchronized boolean contains(SessionId id, String token) {
        return isFresh(removed.get(id.value())) || isFresh(removed.get(token));
    }

    private boolean isFresh(@Nullable Instant at) {
        return at != null && at.plus(MEMORY).isAfter(clock.instant());
    }
}
