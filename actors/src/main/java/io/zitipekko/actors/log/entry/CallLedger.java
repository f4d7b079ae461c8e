package io.zitipekko.actors.log.entry;

import io.zitipekko.actors.log.CallId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Which proposals were applied lately, and at which index: what makes a proposal that is sent again happen once. The same on every
 * member, for it follows from the log; part of snapshots. Thread-safe.
 */
public final class CallLedger {
    /** Far more than can be on their way while leaders change. */
    static final int KEPT = 8192;

    private final Map<CallId, Long> indexes = new LinkedHashMap<>();

    /** One applied proposal. */
    public record Applied(CallId call, long index) {}

    public synchronized OptionalLong indexOf(CallId call) {
        Long index = indexes.get(call);
        return index == null ? OptionalLong.empty() : OptionalLong.of(index);
    }

    synchronized void add(CallId call, long index) {
        indexes.put(call, index);
        if (indexes.size() > KEPT) {
            var eldest = indexes.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    /** Oldest first. */
    synchronized List<Applied> all() {
        List<Applied> all = new ArrayList<>(indexes.size());
        indexes.forEach((call, index) -> all.add(new Applied(call, index)));
        return all;
    }

    synchronized void reset(List<Applied> calls) {
        indexes.clear();
        calls.forEach(applied -> add(applied.call(), applied.index()));
    }
}
