package io.zitipekko.actors.session.store;

import io.zitipekko.actors.model.id.ApiSessionId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When each API session was last used through this controller. Read and written by request threads without a lock; what must be known beyond
 * this controller is told to the session's actor now and then. A session without an entry was not used here since the start.
 */
public final class ActivityTable {
    private final ConcurrentMap<ApiSessionId, Entry> entries = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final Instant startedAt;

    public ActivityTable(InstantSource clock) {
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** When it was last used, not before {@code createdAt}; after a restart every session gets its whole time again. */
    public Instant lastUsed(ApiSessionId id, Instant createdAt) {
        Entry entry = entries.get(id);
        if (entry != null) {
            return Instant.ofEpochMilli(entry.lastUsed.get());
        }
        return createdAt.isAfter(startedAt) ? createdAt : startedAt;
    }

    /** Marks it used now. @return true when the session's actor should hear of it: the last time that it was told is {@code every} ago */
    public boolean touch(ApiSessionId id, long everyMillis) {
        long now = clock.millis();
        Entry entry = entries.computeIfAbsent(id, key -> new Entry(now));
        entry.lastUsed.accumulateAndGet(now, Math::max);
        long told = entry.told.get();
        return now - told >= everyMillis && entry.told.compareAndSet(told, now);
    }

    /** Its time ran out: it opens nothing any more, even if the model cannot be written now. */
    public void expire(ApiSessionId id) {
        entries.computeIfAbsent(id, key -> new Entry(clock.millis())).expired = true;
    }

    public boolean expired(ApiSessionId id) {
        Entry entry = entries.get(id);
        return entry != null && entry.expired;
    }

    /** It is gone: nothing more is to be known of it. */
    public void forget(ApiSessionId id) {
        entries.remove(id);
    }

    private static final class Entry {
        private final AtomicLong lastUsed;
        private final AtomicLong told;
        private volatile boolean expired;

        Entry(long now) {
            lastUsed = new AtomicLong(now);
            told = new AtomicLong();
        }
    }
}
