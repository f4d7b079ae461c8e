package io.zitipekko.transport.refusal;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Which of many refusals are told one by one: each once for each peer and reason in an interval, so that neither a peer that tries again and
 * again nor many that try once each can fill a log or a queue. What is left out is counted. Thread-safe; keeps no more than what was told in
 * one interval.
 */
public final class RefusalLimiter {
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final int TOLD_PER_INTERVAL = 200;
    private static final int REASONS_PER_PEER = 8;

    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final Map<Object, Set<String>> told = new HashMap<>();
    private long intervalSince;
    private int count;
    private long leftOut;

    /** @param nanoTime of which only differences matter, like {@link System#nanoTime} */
    public RefusalLimiter(Duration interval, LongSupplier nanoTime) {
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
        this.intervalSince = nanoTime.getAsLong();
    }

    /** Tells so much a minute. */
    public static RefusalLimiter everyMinute() {
        return new RefusalLimiter(INTERVAL, System::nanoTime);
    }

    /**
     * Whether this refusal is to be told.
     *
     * @param peer whom its port does not make another one
     * @param reason what was refused and why, of bounded length
     * @return empty when not; otherwise how many were left out in the interval before and are not spoken of yet
     */
    public synchronized OptionalLong admit(Object peer, String reason) {
        long now = nanoTime.getAsLong();
        long before = 0;
        if (now - intervalSince >= intervalNanos) {
            before = leftOut;
            told.clear();
            intervalSince = now;
            count = 0;
            leftOut = 0;
        }
        Set<String> ofPeer = told.getOrDefault(peer, Set.of());
        if (count >= TOLD_PER_INTERVAL || ofPeer.size() >= REASONS_PER_PEER || ofPeer.contains(reason)) {
            leftOut++;
            return OptionalLong.empty();
        }
        count++;
        told.computeIfAbsent(peer, k -> new HashSet<>()).add(reason);
        return OptionalLong.of(before);
    }
}
