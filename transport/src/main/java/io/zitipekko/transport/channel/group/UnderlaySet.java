package io.zitipekko.transport.channel.group;

import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.UnderlayInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The underlays of a channel at one moment, and which of them carries which queue (protocol/01 section 7). Immutable.
 *
 * <pre>
 *   queue:        HIGH                         DEFAULT      LOW
 *   first type    if no high type is up *      yes          if no low type is up
 *   high type     yes                          -            -
 *   low type      -                            -            yes
 *   * on links always
 * </pre>
 *
 * An ungrouped channel's one underlay carries everything.
 */
final class UnderlaySet {
    /** What an underlay counts as whose Hello names no type. */
    private static final String UNTYPED = "default";

    private final ChannelKind kind;
    private final boolean grouped;
    private final Underlay[] members;
    private final boolean highUp;
    private final boolean lowUp;

    private UnderlaySet(ChannelKind kind, boolean grouped, Underlay[] members) {
        this.kind = kind;
        this.grouped = grouped;
        this.members = members;
        this.highUp = grouped && count(kind.highType()) > 0;
        this.lowUp = grouped && !kind.lowType().isEmpty() && count(kind.lowType()) > 0;
    }

    static UnderlaySet empty(ChannelKind kind, boolean grouped) {
        return new UnderlaySet(kind, grouped, new Underlay[0]);
    }

    UnderlaySet with(Underlay underlay) {
        Underlay[] more = Arrays.copyOf(members, members.length + 1);
        more[members.length] = underlay;
        return new UnderlaySet(kind, grouped, more);
    }

    UnderlaySet without(Underlay underlay) {
        return new UnderlaySet(
                kind, grouped, Arrays.stream(members).filter(u -> u != underlay).toArray(Underlay[]::new));
    }

    boolean contains(Underlay underlay) {
        return Arrays.asList(members).contains(underlay);
    }

    int size() {
        return members.length;
    }

    int count(String type) {
        int count = 0;
        for (Underlay member : members) {
            if (member.info().type().equals(type)) {
                count++;
            }
        }
        return count;
    }

    /** Whether the channel may live on with these. */
    boolean isEnough() {
        return members.length > 0 && !(grouped && kind.firstTypeRequired() && count(kind.firstType()) == 0);
    }

    /** The queue that a message of that lane goes to. */
    Lane queueFor(Lane lane) {
        return switch (lane) {
            case HIGH -> highUp ? Lane.HIGH : Lane.DEFAULT;
            case LOW -> lowUp ? Lane.LOW : Lane.DEFAULT;
            case DEFAULT -> Lane.DEFAULT;
        };
    }

    boolean carries(Underlay underlay, Lane queue) {
        if (!grouped) {
            return true;
        }
        String type = underlay.info().type();
        return switch (queue) {
            case DEFAULT -> isFirst(type);
            case HIGH -> type.equals(kind.highType()) || isFirst(type) && (!highUp || kind.sharesHigh());
            case LOW -> type.equals(kind.lowType()) || isFirst(type) && !lowUp;
        };
    }

    private boolean isFirst(String type) {
        return type.equals(kind.firstType()) || type.equals(UNTYPED);
    }

    /** Wakes one idle underlay that carries the queue, the oldest first: order is kept as long as one suffices. */
    void wake(Lane queue) {
        for (Underlay member : members) {
            if (carries(member, queue) && member.tryWake()) {
                return;
            }
        }
    }

    void wakeAny() {
        for (Underlay member : members) {
            if (member.tryWake()) {
                return;
            }
        }
    }

    void resumeAll() {
        for (Underlay member : members) {
            member.resume();
        }
    }

    void shutDownAll(String reason) {
        for (Underlay member : members) {
            member.shutDown(reason);
        }
    }

    List<UnderlayInfo> infos() {
        List<UnderlayInfo> infos = new ArrayList<>(members.length);
        for (Underlay member : members) {
            infos.add(member.info());
        }
        return List.copyOf(infos);
    }
}
