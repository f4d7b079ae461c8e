package io.zitipekko.actors.event;

import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.model.id.RouterId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A circuit was opened, moved, closed, or could not be opened. {@code eventType}: {@code created}, {@code pathUpdated}, {@code deleted},
 * {@code failed}.
 *
 * @param serviceId as asked for; may carry {@code instance@}
 * @param terminatorId null when none was chosen
 * @param failureCause OpenZiti's cause text, for {@code failed} only
 * @param creationTime how long it took, null unless created
 */
public record CircuitEvent(
        Instant at,
        String eventType,
        String circuitId,
        String clientId,
        String serviceId,
        @Nullable String terminatorId,
        List<RouterId> nodes,
        List<LinkId> links,
        @Nullable String failureCause,
        @Nullable Duration creationTime,
        Map<String, String> tags)
        implements Event {
    @Override
    public String namespace() {
        return "circuit";
    }
}
