package io.zitipekko.actors.model;

import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.EntityId;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * That entities of one kind point at entities of another: what they name must exist, and this is what happens to them when it goes
 * (protocol/06 section 5.4).
 *
 * @param key under which an entity is found by the ids that it names; its name is the field in refusals
 * @param target supplies the kind pointed at (a supplier, because kinds point at each other)
 * @param missing the refusal when what is named does not exist
 * @param onTargetDeleted what then happens to the one that points
 * @param without for {@link OnTargetDeleted#CLEAN}: the entity without mention of the target
 */
public record Reference<E extends Entity>(
        EntityType.Key<E> key,
        Supplier<EntityType<?>> target,
        ModelException.Kind missing,
        OnTargetDeleted onTargetDeleted,
        @Nullable BiFunction<E, EntityId, E> without) {

    /** What happens to an entity when one that it points at is deleted. */
    public enum OnTargetDeleted {
        /** It goes too. */
        CASCADE,
        /** It goes too; where there are many they go in small batches, and those still there count as gone ({@code Leftovers}). */
        CASCADE_GRADUALLY,
        /** It stands in the way: the target may not be deleted. */
        RESTRICT,
        /** It stays and no longer mentions the target. */
        CLEAN
    }

    public Reference {
        if ((onTargetDeleted == OnTargetDeleted.CLEAN) != (without != null)) {
            throw new IllegalArgumentException(
                    "reference '" + key.name() + "': 'without' belongs to CLEAN and only to it");
        }
    }

    public static <E extends Entity> Reference<E> cascade(EntityType.Key<E> key, Supplier<EntityType<?>> target) {
        return new Reference<>(key, target, ModelException.Kind.REFERENCE_NOT_FOUND, OnTargetDeleted.CASCADE, null);
    }

    /** As {@link #cascade}, for kinds of which thousands may point at one target. */
    public static <E extends Entity> Reference<E> cascadeGradually(
            EntityType.Key<E> key, Supplier<EntityType<?>> target) {
        return new Reference<>(
                key, target, ModelException.Kind.REFERENCE_NOT_FOUND, OnTargetDeleted.CASCADE_GRADUALLY, null);
    }

    public static <E extends Entity> Reference<E> restrict(EntityType.Key<E> key, Supplier<EntityType<?>> target) {
        return new Reference<>(key, target, ModelException.Kind.REFERENCE_NOT_FOUND, OnTargetDeleted.RESTRICT, null);
    }

    public static <E extends Entity> Reference<E> clean(
            EntityType.Key<E> key, Supplier<EntityType<?>> target, BiFunction<E, EntityId, E> without) {
        return new Reference<>(key, target, ModelException.Kind.REFERENCE_NOT_FOUND, OnTargetDeleted.CLEAN, without);
    }

    /** The same reference, but naming what does not exist counts as a bad value of the field. */
    public Reference<E> missingIsInvalid() {
        return new Reference<>(key, target, ModelException.Kind.INVALID, onTargetDeleted, without);
    }

    /** {@code entity} without mention of {@code targetId}. */
    public E cleaned(E entity, EntityId targetId) {
        return Objects.requireNonNull(without, "without").apply(entity, targetId);
    }
}
