package io.zitipekko.transport.refusal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Says why peers are refused, once for each peer and reason in an interval, so that neither a peer that tries again and again nor many
 * that try once each can fill the log. What was left out is counted and said when the next interval begins. Thread-safe; keeps no more
 * than the lines of one interval.
 */
public final class RefusalLog {
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final int LINES_PER_INTERVAL = 200;
    private static final int REASONS_PER_PEER = 8;
    private static final int MAX_TEXT = 300;

    private final Logger log;
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final Map<Object, Set<String>> said = new HashMap<>();
    private long intervalSince;
    private int lines;
    private long leftOut;

    RefusalLog(Logger log, Duration interval, LongSupplier nanoTime) {
        this.log = log;
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
        this.intervalSince = nanoTime.getAsLong();
    }

    /** @param log takes the lines, at level INFO */
    public static RefusalLog to(Logger log) {
        return new RefusalLog(log, INTERVAL, System::nanoTime);
    }

    /**
     * What could forge a line is taken out of both texts: they may quote what the peer sent.
     *
     * @param what of the peer is refused, e.g. {@code control hello}
     */
    public synchronized void refused(InetSocketAddress peer, String what, String reason) {
        long now = nanoTime.getAsLong();
        if (now - intervalSince >= intervalNanos) {
            if (leftOut > 0) {
                log.info("{} more refusals were not logged one by one", leftOut);
            }
            said.clear();
            intervalSince = now;
            lines = 0;
            leftOut = 0;
        }
        String text = plain(what + " refused: " + reason);
        InetAddress address = peer.getAddress();
        Object key = address == null ? peer.getHostString() : address;
        Set<String> ofPeer = said.getOrDefault(key, Set.of());
        if (lines >= LINES_PER_INTERVAL || ofPeer.size() >= REASONS_PER_PEER || ofPeer.contains(text)) {
            leftOut++;
            return;
        }
        lines++;
        said.computeIfAbsent(key, k -> new HashSet<>()).add(text);
        log.info("{} from {}", text, peer);
    }

    /** One short line, whatever it quotes. */
    private static String plain(String text) {
        int end = Math.min(text.length(), MAX_TEXT);
        StringBuilder out = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean harmless = !Character.isISOControl(c)
                    && Character.getType(c) != Character.LINE_SEPARATOR
                    && Character.getType(c) != Character.PARAGRAPH_SEPARATOR
                    && Character.getType(c) != Character.FORMAT;
            out.append(harmless ? c : '?');
        }
        return end < text.length() ? out + "…" : out.toString();
    }
}
