package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.Entity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The one registration of every kind of entity, in the order in which a snapshot lists them: what belongs to another kind follows it. */
public final class EntityTypes {
    private static final List<EntityType<?>> ALL = List.of(
            AuthPolicies.TYPE,
            ConfigTypes.TYPE,
            Configs.TYPE,
            Identities.TYPE,
            Services.TYPE,
            EdgeRouters.TYPE,
            PostureChecks.TYPE,
            Cas.TYPE,
            Authenticators.TYPE,
            Enrollments.TYPE,
            ServicePolicies.TYPE,
            EdgeRouterPolicies.TYPE,
            ServiceEdgeRouterPolicies.TYPE,
            Terminators.TYPE,
            ApiSessions.TYPE,
            ApiSessionCertificates.TYPE,
            Sessions.TYPE);

    private static final Map<String, EntityType<?>> BY_NAME = byName();
    private static final Map<EntityType<?>, List<Referrer<?>>> REFERRERS = referrersByTarget();

    private EntityTypes() {}

    public static List<EntityType<?>> all() {
        return ALL;
    }

    /** The kind with that storage name. */
    public static Optional<EntityType<?>> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Who points at entities of kind {@code target}. */
    public static List<Referrer<?>> referrers(EntityType<?> target) {
        return REFERRERS.getOrDefault(target, List.of());
    }

    /**
     * A reference, seen from its target.
     *
     * @param type the kind that points
     * @param reference how
     */
    public record Referrer<E extends Entity>(EntityType<E> type, Reference<E> reference) {}

    private static Map<String, EntityType<?>> byName() {
        Map<String, EntityType<?>> byName = new LinkedHashMap<>();
        for (EntityType<?> type : ALL) {
            if (byName.put(type.name(), type) != null) {
                throw new IllegalStateException("two kinds of entity are named '" + type.name() + "'");
            }
        }
        return Map.copyOf(byName);
    }

    private static Map<EntityType<?>, List<Referrer<?>>> referrersByTarget() {
        Map<EntityType<?>, List<Referrer<?>>> byTarget = new HashMap<>();
        ALL.forEach(type -> collectReferrers(type, byTarget));
        return Map.copyOf(byTarget);
    }

    private static <E extends Entity> void collectReferrers(
            EntityType<E> type, Map<EntityType<?>, List<Referrer<?>>> byTarget) {
        for (Reference<E> reference : type.references()) {
            byTarget.computeIfAbsent(reference.target().get(), target -> new ArrayList<>())
                    .add(new Referrer<>(type, reference));
        }
    }
}
