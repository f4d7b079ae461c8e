package io.zitipekko.transport.channel.group;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The groups of one listener by connection id. An id is reserved when the Hello of a first underlay is accepted, so that joins that
 * race its Result find it. Thread-safe.
 */
public final class GroupRegistry {
    private static final long WAIT_MILLIS = 1000;

    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();

    /** What a Hello that names an id may do. */
    public sealed interface Claim {
        /** The id names this live channel. */
        record Live(UnderlayGroup group) implements Claim {}

        /** Another underlay is creating it; completes when that is done, or fails after a second. */
        record Pending(CompletionStage<?> settled) implements Claim {}

        /** The id is ours to create. */
        record Reserved(Reservation reservation) implements Claim {}

        /** Nobody knows the id, and the Hello may not create it. */
        record Unknown() implements Claim {}
    }

    private static final class Entry {
        final CompletableFuture<UnderlayGroup> group = new CompletableFuture<>();
    }

    /** The right to create one group; must be used or released. */
    public final class Reservation {
        private final String id;
        private final Entry entry;

        private Reservation(String id, Entry entry) {
            this.id = id;
            this.entry = entry;
        }

        /** The group is there: joins may find it until it closes. */
        public void created(UnderlayGroup group) {
            entry.group.complete(group);
            group.closed().whenComplete((done, failure) -> entries.remove(id, entry));
        }

        /** It came to nothing. */
        public void release() {
            entries.remove(id, entry);
            entry.group.completeExceptionally(new IllegalStateException("group " + id + " was not created"));
        }
    }

    /**
     * @param mayCreate whether the Hello carries header 11
     */
    public Claim claim(String id, boolean mayCreate) {
        while (true) {
            Entry known = entries.get(id);
            if (known == null) {
                if (!mayCreate) {
                    return new Claim.Unknown();
                }
                Entry mine = new Entry();
                if (entries.putIfAbsent(id, mine) == null) {
                    return new Claim.Reserved(new Reservation(id, mine));
                }
            } else if (!known.group.isDone()) {
                return new Claim.Pending(known.group.copy().orTimeout(WAIT_MILLIS, TimeUnit.MILLISECONDS));
            } else if (known.group.isCompletedExceptionally()
                    || known.group.join().isClosed()) {
                entries.remove(id, known);
            } else {
                return new Claim.Live(known.group.join());
            }
        }
    }

    /** Groups and reservations. */
    public int size() {
        return entries.size();
    }
}
