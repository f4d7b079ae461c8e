package io.zitipekko.actors.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Something that a component wants an operator to know. */
public record AlertEvent(
        Instant at,
        String sourceType,
        String sourceId,
        String severity,
        String message,
        List<String> details,
        Map<String, String> relatedEntities)
        implements Event {
    @Override
    public String namespace() {
        return "alert";
    }

    @Override
    public String eventType() {
        return "alert";
    }
}
