package io.zitipekko.actors.fabric.circuit;

import io.zitipekko.actors.event.CircuitEvent;
import io.zitipekko.actors.fabric.CircuitStatus;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is told of circuits. */
final class CircuitEvents {
    private CircuitEvents() {}

    /** @param creationTime null unless it was just created */
    static CircuitEvent of(
            Instant at, String what, CircuitStatus status, CircuitDial dial, @Nullable Duration creationTime) {
        return new CircuitEvent(
                at,
                what,
                status.id().value(),
                status.clientId(),
                dial.addressedService(),
                status.terminatorId().value(),
                status.nodes(),
                status.links(),
                null,
                creationTime,
                status.tags());
    }

    /** @param plan the last one tried; null when none could be made */
    static CircuitEvent failed(
            Instant at,
            CircuitId id,
            CircuitDial dial,
            @Nullable RoutePlan plan,
            CircuitFailure failure,
            Map<String, String> tags) {
        return new CircuitEvent(
                at,
                "failed",
                id.value(),
                dial.clientId(),
                dial.addressedService(),
                plan == null ? null : plan.terminator().id().value(),
                plan == null ? List.of() : plan.path().nodes(),
                plan == null ? List.of() : plan.path().links(),
                failure.cause().name(),
                null,
                tags);
    }
}
