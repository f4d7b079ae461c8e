package io.zitipekko.actors.event;

import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Entity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The audit of the configured model: one entity was created, updated or deleted; {@code committed} closes the changes of one transaction and
 * has no entity. What is secret in an entity is left out where events are written.
 *
 * @param entityType storage name of the kind; empty for {@code committed}
 * @param modelIndex names the transaction
 * @param before null when created
 * @param after null when deleted
 */
public record EntityChangeEvent(
        Instant at,
        String eventType,
        String entityType,
        String entityId,
        long modelIndex,
        Proposal.Author author,
        @Nullable Entity before,
        @Nullable Entity after)
        implements Event {
    @Override
    public String namespace() {
        return "entityChange";
    }
}
