package io.zitipekko.actors.model.view;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.Reference.OnTargetDeleted;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.type.EntityTypes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is left of an entity that had more dependants than go in one change: they are still stored, but what they belong to is gone. A
 * leftover counts as gone wherever somebody asks for a right; its removal, in small batches, only frees the space. Pure.
 */
public final class Leftovers {
    private Leftovers() {}

    /** An entity that is gone, of which something may be left. */
    public record Gone(EntityType<?> type, EntityId id) {}

    /** The entity, unless it is gone or left over. */
    public static <E extends Entity> Optional<E> standing(Entities entities, EntityType<E> type, EntityId id) {
        return entities.get(type, id).filter(entity -> stands(entities, type, entity));
    }

    /** Whether everything that {@code entity} belongs to is there, and stands itself. */
    public static <E extends Entity> boolean stands(Entities entities, EntityType<E> type, E entity) {
        for (Reference<E> reference : type.references()) {
            if (!gradual(reference)) {
                continue;
            }
            EntityType<?> owner = reference.target().get();
            for (String id : reference.key().of().apply(entity)) {
                if (standing(entities, owner, owner.idOf().apply(id)).isEmpty()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What {@code entity} belongs to and is gone. */
    public static <E extends Entity> Optional<Gone> missing(Entities entities, EntityType<E> type, E entity) {
        for (Reference<E> reference : type.references()) {
            if (!gradual(reference)) {
                continue;
            }
            EntityType<?> owner = reference.target().get();
            for (String id : reference.key().of().apply(entity)) {
                Gone gone = new Gone(owner, owner.idOf().apply(id));
                if (entities.get(owner, gone.id()).isEmpty()) {
                    return Optional.of(gone);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether entities of this kind may be left over. */
    public static boolean possible(EntityType<?> type) {
        return type.references().stream().anyMatch(Leftovers::gradual);
    }

    /** Deletes up to {@code most} of what is left of {@code gone}; none when it exists. */
    public static List<Change> removal(Entities entities, Gone gone, int most) {
        if (entities.get(gone.type(), gone.id()).isPresent()) {
            return List.of();
        }
        Set<Change> removal = new LinkedHashSet<>();
        for (EntityTypes.Referrer<?> referrer : EntityTypes.referrers(gone.type())) {
            for (Entity entity : left(entities, referrer, gone.id())) {
                if (removal.size() == most) {
                    return List.copyOf(removal);
                }
                removal.add(new Change.Delete(referrer.type(), entity.id()));
            }
        }
        return List.copyOf(removal);
    }

    /** What ended with a commit: all that stood before it and does not any more, deleted or left over. */
    public static Set<Entity> ended(Model.Commit commit) {
        Set<Entity> ended = new LinkedHashSet<>();
        for (Change change : commit.changeSet().changes()) {
            if (change instanceof Change.Delete) {
                end(change.type(), change.id(), commit, ended);
            }
        }
        return ended;
    }

    private static <E extends Entity> void end(
            EntityType<E> type, EntityId id, Model.Commit commit, Set<Entity> ended) {
        Optional<E> stood = standing(commit.before(), type, id);
        if (stood.isEmpty() || !ended.add(stood.get())) {
            return;
        }
        for (EntityTypes.Referrer<?> referrer : EntityTypes.referrers(type)) {
            left(commit.after(), referrer, id).forEach(entity -> end(referrer.type(), entity.id(), commit, ended));
        }
    }

    private static <R extends Entity> List<R> left(
            Entities entities, EntityTypes.Referrer<R> referrer, EntityId owner) {
        return gradual(referrer.reference())
                ? entities.findAll(referrer.type(), referrer.reference().key(), owner.value())
                : List.of();
    }

    private static boolean gradual(Reference<?> reference) {
        return reference.onTargetDeleted() == OnTargetDeleted.CASCADE_GRADUALLY;
    }
}
