package io.zitipekko.sdk.host;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to host.
 *
 * @param cost 0 to 65535: terminators with less are preferred
 * @param precedence rank before cost
 * @param instance this host's own name within the service, by which it can be dialed
 * @param maxRouters to how many edge routers to bind at most
 * @param ownFlowControl whether accepted connections are the ends of their circuits themselves, as {@link
 *     io.zitipekko.sdk.dial.DialOptions#ownFlowControl}
 */
public record BindOptions(
        int cost, Precedence precedence, Optional<String> instance, int maxRouters, boolean ownFlowControl) {
    /** Rank of a terminator among those of its service. */
    public enum Precedence {
        DEFAULT(0),
        REQUIRED(1),
        FAILED(2);

        private final int wire;

        Precedence(int wire) {
            this.wire = wire;
        }

        int wire() {
            return wire;
        }
    }

    public static final BindOptions DEFAULTS = new BindOptions(0, Precedence.DEFAULT, Optional.empty(), 3, true);

    public BindOptions {
        if (cost < 0 || cost > 65_535) {
            throw new IllegalArgumentException("cost: " + cost + " (expected: 0..65535)");
        }
        if (maxRouters < 1) {
            throw new IllegalArgumentException("maxRouters: " + maxRouters + " (expected: >= 1)");
        }
    }

    public BindOptions withInstance(@Nullable String newInstance) {
        return new BindOptions(cost, precedence, Optional.ofNullable(newInstance), maxRouters, ownFlowControl);
    }

    public BindOptions withCost(int newCost) {
        return new BindOptions(newCost, precedence, instance, maxRouters, ownFlowControl);
    }

    public BindOptions withMaxRouters(int newMaxRouters) {
        return new BindOptions(cost, precedence, instance, newMaxRouters, ownFlowControl);
    }

    public BindOptions withOwnFlowControl(boolean newOwnFlowControl) {
        return new BindOptions(cost, precedence, instance, maxRouters, newOwnFlowControl);
    }
}
