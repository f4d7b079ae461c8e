package io.zitipekko.transport.channel.group;

import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Headers 5 and 6 of one channel (protocol/01 section 9): what the next outgoing message must carry, and when the peer last answered.
 * They ride on whatever goes out next; the channel sends an empty message for them when nothing else does.
 */
final class Heartbeats {
    static final Duration SEND_INTERVAL = Duration.ofSeconds(10);
    static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final long sendIntervalNanos;
    private final long closeAfterNanos;
    private final AtomicLong nextSend;
    private final AtomicReference<@Nullable Long> unanswered = new AtomicReference<>();
    private volatile long lastResponse;

    /**
     * @param closeAfter without an answer the peer counts as gone
     * @param grace more time before the first answer is due
     */
    Heartbeats(Duration sendInterval, Duration closeAfter, Duration grace) {
        this.sendIntervalNanos = sendInterval.toNanos();
        this.closeAfterNanos = closeAfter.toNanos();
        long now = System.nanoTime();
        this.nextSend = new AtomicLong(now);
        this.lastResponse = now + grace.toNanos();
    }

    /** A first underlay is up (again): the peer has its time from now. */
    void restart(Duration grace) {
        lastResponse = System.nanoTime() + grace.toNanos();
    }

    /** What to add to the message that goes out now, or {@code null}. Whatever it returns counts as sent. */
    @Nullable
    Headers takeDue() {
        long now = System.nanoTime();
        long due = nextSend.get();
        boolean beat = now - due >= 0 && nextSend.compareAndSet(due, now + sendIntervalNanos);
        Long answer = unanswered.get() == null ? null : unanswered.getAndSet(null);
        if (!beat && answer == null) {
            return null;
        }
        Headers.Builder headers = Headers.builder();
        if (beat) {
            headers.uint64(ChannelHeaders.HEARTBEAT, unixNanos());
        }
        if (answer != null) {
            headers.uint64(ChannelHeaders.HEARTBEAT_RESPONSE, answer);
        }
        return headers.build();
    }

    /** Whether {@link #takeDue} would return something. */
    boolean isDue() {
        return unanswered.get() != null || System.nanoTime() - nextSend.get() >= 0;
    }

    /** Notes what a received message carries; returns the round trip if it answers a heartbeat. */
    @Nullable
    Duration received(Headers headers) {
        if (headers.has(ChannelHeaders.HEARTBEAT)) {
            OptionalLong sent = headers.uint64(ChannelHeaders.HEARTBEAT);
            if (sent.isPresent()) {
                // Only the newest is kept: a peer that sends many gets one answer.
                unanswered.set(sent.getAsLong());
            }
        }
        if (headers.has(ChannelHeaders.HEARTBEAT_RESPONSE)) {
            OptionalLong echoed = headers.uint64(ChannelHeaders.HEARTBEAT_RESPONSE);
            if (echoed.isPresent()) {
                lastResponse = Math.max(lastResponse, System.nanoTime());
                return Duration.ofNanos(Math.max(0, unixNanos() - echoed.getAsLong()));
            }
        }
        return null;
    }

    boolean isUnresponsive() {
        return System.nanoTime() - lastResponse > closeAfterNanos;
    }

    private static long unixNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
