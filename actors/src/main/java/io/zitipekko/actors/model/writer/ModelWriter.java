package io.zitipekko.actors.model.writer;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelException.Kind;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.type.EntityTypes;
import io.zitipekko.actors.model.view.EntityTables;
import io.zitipekko.actors.model.view.Leftovers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides one proposal against one state: every rule is checked, and everything that follows (cascades, cleaned references, twins) is
 * filled in. Pure: same state and proposal, same decision. Knows no kind of entity by name.
 */
public final class ModelWriter {
    /** More outcomes than this from one proposal is a mistake, or would make a log entry that no member takes. */
    static final int MAX_OUTCOMES = 100_000;
    /**
     * So many dependants, of the kinds of which there may be thousands, go with what one proposal deletes; the others are left over. What
     * others propose meanwhile waits for these, not for all.
     */
    static final int GRADUAL_CASCADES = 250;

    private final List<Change> outcomes = new ArrayList<>();
    private EntityTables entities;
    private int gradualCascades;

    private ModelWriter(EntityTables entities) {
        this.entities = entities;
    }

    /**
     * What a proposal becomes.
     *
     * @param outcomes in order, cascades filled in, without {@code expected}
     * @param entities the state with them
     */
    public record Decision(List<Change> outcomes, EntityTables entities) {}

    /** @throws ModelException when the proposal is refused; then nothing of it happens */
    public static Decision decide(EntityTables entities, Proposal proposal) {
        if (proposal.changes().isEmpty()) {
            throw new ModelException(Kind.INVALID, "a proposal must change something");
        }
        ModelWriter writer = new ModelWriter(entities);
        for (Change change : proposal.changes()) {
            writer.propose(change);
        }
        return new Decision(List.copyOf(writer.outcomes), writer.entities);
    }

    private void propose(Change change) {
        if (change instanceof Change.Put<?> put) {
            proposePut(put);
        } else {
            proposeDelete(change.type(), change.id());
        }
    }

    private <E extends Entity> void proposePut(Change.Put<E> put) {
        EntityType<E> type = put.type();
        E entity = put.entity();
        Optional<E> current = entities.get(type, entity.id());
        E expected = put.expected();
        if (expected == null) {
            if (current.isPresent()) {
                throw new ModelException(
                        Kind.NOT_UNIQUE,
                        "an entity of " + type + " with id '" + entity.id() + "' exists already",
                        "id",
                        entity.id().value());
            }
            checkNothingIsLeft(type, entity.id());
            type.rules().checkCreation(entity, entities);
        } else {
            E before = current.orElseThrow(() -> notFound(type, entity.id()));
            if (!before.equals(expected)) {
                throw new ModelException(
                        Kind.CONFLICT,
                        "'" + entity.id() + "' of " + type
                                + " was changed by someone else meanwhile: read it again and retry",
                        "id",
                        entity.id().value());
            }
            if (before.meta().system() != entity.meta().system()) {
                throw new ModelException(
                        Kind.PROTECTED,
                        "isSystem cannot be changed",
                        "isSystem",
                        entity.meta().system());
            }
            type.rules().checkAllowed(before, entity, entities);
        }
        put(type, entity, current.orElse(null));
    }

    /** What an entity of the same id left must not come to belong to this one. */
    private <E extends Entity> void checkNothingIsLeft(EntityType<E> type, EntityId id) {
        if (!Leftovers.removal(entities, new Leftovers.Gone(type, id), 1).isEmpty()) {
            throw new ModelException(
                    Kind.NOT_UNIQUE,
                    "an entity of " + type + " with id '" + id
                            + "' was deleted and what belonged to it is still being removed: try again in a moment",
                    "id",
                    id.value());
        }
    }

    private <E extends Entity> void proposeDelete(EntityType<E> type, EntityId id) {
        E entity = entities.get(type, id).orElseThrow(() -> notFound(type, id));
        type.rules().checkAllowed(entity, null, entities);
        delete(type, entity);
    }

    /** What follows from another change: no leave is asked, and what is done already is fine. */
    private void follow(Change change) {
        if (change instanceof Change.Put<?> put) {
            followPut(put);
        } else {
            followDelete(change.type(), change.id());
        }
    }

    private <E extends Entity> void followPut(Change.Put<E> put) {
        put(put.type(), put.entity(), entities.get(put.type(), put.id()).orElse(null));
    }

    private <E extends Entity> void followDelete(EntityType<E> type, EntityId id) {
        entities.get(type, id).ifPresent(entity -> delete(type, entity));
    }

    private <E extends Entity> void put(EntityType<E> type, E entity, @Nullable E before) {
        checkReferences(type, entity);
        type.rules().check(entity, before, entities);
        checkUnique(type, entity);
        record(new Change.Put<>(type, entity, null));
        type.rules().onPut(entity, before, entities).forEach(this::follow);
    }

    private <E extends Entity> void delete(EntityType<E> type, E entity) {
        EntityId id = entity.id();
        type.rules().onDelete(entity, entities).forEach(this::follow);
        List<EntityTypes.Referrer<?>> referrers = EntityTypes.referrers(type);
        referrers.forEach(referrer -> refuseWhileReferenced(referrer, type, id));
        referrers.forEach(referrer -> release(referrer, type, id));
        record(new Change.Delete(type, id));
    }

    private <R extends Entity> void refuseWhileReferenced(
            EntityTypes.Referrer<R> referrer, EntityType<?> type, EntityId id) {
        if (referrer.reference().onTargetDeleted() != Reference.OnTargetDeleted.RESTRICT) {
            return;
        }
        List<R> holders = entities.findAll(referrer.type(), referrer.reference().key(), id.value());
        if (!holders.isEmpty()) {
            throw new ModelException(
                    Kind.REFERENCED,
                    "'" + id + "' of " + type + " is used by " + holders.size() + " of " + referrer.type()
                            + ": change or delete those first",
                    referrer.reference().key().name(),
                    holders.stream().map(holder -> holder.id().value()).toList());
        }
    }

    /** Deletes or cleans whoever points at {@code id}. Asked for one at a time, because one change may settle the next. */
    private <R extends Entity> void release(EntityTypes.Referrer<R> referrer, EntityType<?> type, EntityId id) {
        Reference<R> reference = referrer.reference();
        for (R found : entities.findAll(referrer.type(), reference.key(), id.value())) {
            Optional<R> holder = entities.get(referrer.type(), found.id());
            if (holder.isEmpty()) {
                continue;
            }
            if (reference.onTargetDeleted() == Reference.OnTargetDeleted.CASCADE) {
                delete(referrer.type(), holder.get());
            } else if (reference.onTargetDeleted() == Reference.OnTargetDeleted.CASCADE_GRADUALLY) {
                if (gradualCascades == GRADUAL_CASCADES) {
                    return;
                }
                gradualCascades++;
                delete(referrer.type(), holder.get());
            } else {
                record(new Change.Put<>(referrer.type(), reference.cleaned(holder.get(), id), null));
            }
        }
    }

    private <E extends Entity> void checkReferences(EntityType<E> type, E entity) {
        for (Reference<E> reference : type.references()) {
            EntityType<?> target = reference.target().get();
            for (String id : reference.key().of().apply(entity)) {
                EntityId targetId = id(target, id, reference);
                if (Leftovers.standing(entities, target, targetId).isEmpty()) {
                    throw missing(reference, target, id);
                }
            }
        }
    }

    private static EntityId id(EntityType<?> target, String id, Reference<?> reference) {
        try {
            return target.idOf().apply(id);
        } catch (IllegalArgumentException e) {
            throw missing(reference, target, id);
        }
    }

    private static ModelException missing(Reference<?> reference, EntityType<?> target, String id) {
        return new ModelException(
                reference.missing(),
                "no " + target + " found with the given ids: '" + id + "'",
                reference.key().name(),
                id);
    }

    private <E extends Entity> void checkUnique(EntityType<E> type, E entity) {
        for (Key<E> key : type.uniqueKeys()) {
            for (String value : key.of().apply(entity)) {
                Optional<E> holder = entities.find(type, key, value);
                if (holder.isPresent() && !holder.get().id().equals(entity.id())) {
                    throw new ModelException(
                            Kind.NOT_UNIQUE,
                            "duplicate value '" + shown(key, value) + "' in unique index '" + key.name() + "' of "
                                    + type,
                            key.name(),
                            shown(key, value));
                }
            }
        }
    }

    /** Tokens are secrets; names are not. */
    private static String shown(Key<?> key, String value) {
        return key.name().equals("token") ? "***" : value;
    }

    private void record(Change outcome) {
        if (outcomes.size() >= MAX_OUTCOMES) {
            throw new ModelException(
                    Kind.INVALID, "the proposal would change more than " + MAX_OUTCOMES + " entities: split it");
        }
        outcomes.add(outcome);
        entities = entities.with(outcome);
    }

    private static ModelException notFound(EntityType<?> type, EntityId id) {
        return new ModelException(Kind.NOT_FOUND, "no entity of " + type + " has id '" + id + "'", "id", id.value());
    }
}
