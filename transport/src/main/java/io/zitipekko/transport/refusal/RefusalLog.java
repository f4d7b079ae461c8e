package io.zitipekko.transport.refusal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.OptionalLong;
import org.slf4j.Logger;

/** Says in a log why peers are refused, as much as a {@link RefusalLimiter} lets through; how much was left out is said later. Thread-safe. */
public final class RefusalLog implements RefusalSink {
    private final Logger log;
    private final RefusalLimiter limiter;
    private final RefusalSink also;

    RefusalLog(Logger log, RefusalLimiter limiter, RefusalSink also) {
        this.log = log;
        this.limiter = limiter;
        this.also = also;
    }

    /** @param log takes the lines, at level INFO */
    public static RefusalLog to(Logger log) {
        return to(log, (peer, what, reason) -> {});
    }

    /** @param also told of what is logged, in texts that are safe to show, and of nothing else */
    public static RefusalLog to(Logger log, RefusalSink also) {
        return new RefusalLog(log, RefusalLimiter.everyMinute(), also);
    }

    @Override
    public void refused(InetSocketAddress peer, String what, String reason) {
        String text = PlainText.of(what + " refused: " + reason);
        InetAddress address = peer.getAddress();
        OptionalLong leftOut = limiter.admit(address == null ? peer.getHostString() : address, text);
        if (leftOut.isEmpty()) {
            return;
        }
        if (leftOut.getAsLong() > 0) {
            log.info("{} more refusals were not logged one by one", leftOut.getAsLong());
        }
        log.info("{} from {}", text, peer);
        also.refused(peer, PlainText.of(what), PlainText.of(reason));
    }
}
