package io.zitipekko.api.management.entity;

import io.zitipekko.actors.fabric.FabricDirectory;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.api.http.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What one request sees: one model state, the live fabric, the time, who asks. */
public record Reading(ModelView view, FabricDirectory fabric, Instant now, Optional<Caller> caller) {

    /** The entities of some ids, in id order; ids that are gone are left out. */
    public <E extends Entity> List<E> all(EntityType<E> type, Collection<? extends EntityId> ids) {
        List<E> out = new ArrayList<>(ids.size());
        ids.stream().sorted(Comparator.comparing(EntityId::value)).forEach(id -> view.get(type, id)
                .ifPresent(out::add));
        return out;
    }
}
