package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelException.Kind;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Config;
import io.zitipekko.actors.model.entity.ConfigType;
import io.zitipekko.actors.model.entity.Entity.Meta;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.IdentityId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Identities. protocol/06 section 6.1. */
public final class Identities {
    /** What POST makes, whatever type it names. */
    public static final String TYPE_DEFAULT = "Default";
    /** The twin of a router with a tunneler; comes and goes with the router only. */
    public static final String TYPE_ROUTER = "Router";

    public static final Key<Identity> BY_NAME = new Key<>("name", identity -> FieldRules.optional(identity.name()));
    public static final Key<Identity> BY_EXTERNAL_ID =
            new Key<>("externalId", identity -> FieldRules.optional(identity.externalId()));
    public static final Key<Identity> BY_AUTH_POLICY = new Key<>(
            "authPolicyId", identity -> List.of(identity.authPolicyId().value()));
    /** By services that it has hosting defaults or config overrides for. */
    public static final Key<Identity> BY_SERVICE = new Key<>("serviceHostingCosts", Identities::servicesNamed);
    /** By configs that it uses instead of a service's own. */
    public static final Key<Identity> BY_OVERRIDING_CONFIG = new Key<>("serviceConfigs", Identities::configsNamed);

    public static final Key<Identity> BY_ROLE_ATTRIBUTE =
            new Key<>("roleAttributes", identity -> List.copyOf(identity.roleAttributes()));

    public static final EntityType<Identity> TYPE = EntityType.named("identities", Identity.class, IdentityId::new)
            .unique(BY_NAME)
            .unique(BY_EXTERNAL_ID)
            .key(BY_ROLE_ATTRIBUTE)
            .reference(Reference.restrict(BY_AUTH_POLICY, () -> AuthPolicies.TYPE))
            .reference(Reference.clean(BY_SERVICE, () -> Services.TYPE, Identities::withoutService))
            .reference(Reference.restrict(BY_OVERRIDING_CONFIG, () -> Configs.TYPE))
            .rules(new IdentityRules())
            .build();

    private static final Set<String> TYPES = Set.of(TYPE_DEFAULT, TYPE_ROUTER);

    private Identities() {}

    /**
     * An identity of which nothing is configured beyond what is said here; no administrator.
     *
     * @param externalId null for none
     */
    public static Identity unconfigured(
            IdentityId id,
            Meta meta,
            String name,
            String type,
            Set<String> roleAttributes,
            @Nullable String externalId) {
        return unconfigured(id, meta, name, type, roleAttributes, externalId, false);
    }

    /** The administrator that a controller is set up with: the one that cannot be deleted. */
    public static Identity defaultAdministrator(IdentityId id, Meta meta, String name) {
        return unconfigured(id, meta, name, TYPE_DEFAULT, Set.of(), null, true);
    }

    private static Identity unconfigured(
            IdentityId id,
            Meta meta,
            String name,
            String type,
            Set<String> roleAttributes,
            @Nullable String externalId,
            boolean defaultAdministrator) {
        return new Identity(
                id,
                meta,
                name,
                type,
                defaultAdministrator,
                defaultAdministrator,
                roleAttributes,
                externalId,
                AuthPolicies.DEFAULT,
                Map.of(),
                Precedence.DEFAULT,
                0,
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                null,
                Map.of(),
                Map.of(),
                Set.of());
    }

    private static List<String> servicesNamed(Identity identity) {
        Set<String> named = new TreeSet<>(identity.serviceHostingCosts().keySet());
        named.addAll(identity.serviceHostingPrecedences().keySet());
        named.addAll(identity.serviceConfigs().keySet());
        return List.copyOf(named);
    }

    private static List<String> configsNamed(Identity identity) {
        Set<String> named = new TreeSet<>();
        identity.serviceConfigs().values().forEach(overrides -> named.addAll(overrides.values()));
        return List.copyOf(named);
    }

    private static Identity withoutService(Identity identity, EntityId service) {
        return new Identity(
                identity.id(),
                identity.meta(),
                identity.name(),
                identity.type(),
                identity.admin(),
                identity.defaultAdmin(),
                identity.roleAttributes(),
                identity.externalId(),
                identity.authPolicyId(),
                identity.appData(),
                identity.defaultHostingPrecedence(),
                identity.defaultHostingCost(),
                without(identity.serviceHostingCosts(), service),
                without(identity.serviceHostingPrecedences(), service),
                without(identity.serviceConfigs(), service),
                identity.disabledAt(),
                identity.disabledUntil(),
                identity.envInfo(),
                identity.sdkInfo(),
                identity.permissions());
    }

    private static <V> Map<String, V> without(Map<String, V> map, EntityId key) {
        Map<String, V> rest = new TreeMap<>(map);
        rest.remove(key.value());
        return rest;
    }

    private static final class IdentityRules implements EntityType.Rules<Identity> {
        @Override
        public void check(Identity identity, @Nullable Identity before, Entities entities) {
            FieldRules.name(identity.name());
            FieldRules.oneOf("type", identity.type(), TYPES);
            FieldRules.attributes("roleAttributes", identity.roleAttributes());
            FieldRules.cost("defaultHostingCost", identity.defaultHostingCost());
            identity.serviceHostingCosts().values().forEach(cost -> FieldRules.cost("serviceHostingCosts", cost));
            identity.serviceConfigs()
                    .forEach((service, overrides) ->
                            overrides.forEach((configType, config) -> checkOverride(configType, config, entities)));
        }

        private static void checkOverride(String configTypeId, String configId, Entities entities) {
            Config config = entities.get(Configs.TYPE, new ConfigId(configId)).orElseThrow(AssertionError::new);
            ConfigType type =
                    entities.get(ConfigTypes.TYPE, config.configTypeId()).orElseThrow(AssertionError::new);
            if (!type.id().value().equals(configTypeId)) {
                throw FieldRules.invalid("serviceConfigs", configId, "is not of config type '" + configTypeId + "'");
            }
            if (!"service".equals(type.target())) {
                throw FieldRules.invalid(
                        "serviceConfigs", configId, "its type '" + type.name() + "' is not for services");
            }
        }

        @Override
        public void checkCreation(Identity identity, Entities entities) {
            if (identity.type().equals(TYPE_ROUTER)) {
                throw FieldRules.invalid(
                        "type", identity.type(), "identities of routers are made by enabling the router's tunneler");
            }
        }

        @Override
        public void checkAllowed(Identity identity, @Nullable Identity after, Entities entities) {
            if (after == null) {
                checkDeletable(identity, entities);
                return;
            }
            if (!identity.type().equals(after.type())) {
                throw FieldRules.invalid("type", after.type(), "cannot be changed, it is '" + identity.type() + "'");
            }
            if (identity.type().equals(TYPE_ROUTER) && !identity.name().equals(after.name())) {
                throw FieldRules.invalid("name", after.name(), "the identity of a router is renamed with its router");
            }
            if (identity.defaultAdmin() && !(after.admin() && after.defaultAdmin())) {
                throw FieldRules.invalid("isAdmin", after.admin(), "the default administrator stays administrator");
            }
            checkEndedBeforeEnabled(identity, after, entities);
            checkEndedBeforeNamed(identity, after, entities);
        }

        /**
         * Of very many sessions the last end a moment after the identity was disabled. They count for nothing until then, and must not come to
         * count again.
         */
        private static void checkEndedBeforeEnabled(Identity identity, Identity after, Entities entities) {
            Instant disabledAt = identity.disabledAt();
            if (disabledAt != null
                    && after.disabledAt() == null
                    && sessions(identity, entities)
                            .anyMatch(session -> !session.meta().createdAt().isAfter(disabledAt))) {
                throw new ModelException(
                        Kind.CONFLICT,
                        "identity '" + identity.id()
                                + "' cannot be enabled yet: the sessions that it had are still being ended",
                        "disabledAt",
                        disabledAt);
            }
        }

        /** As before, of what was opened by an external id that was taken away and is given back. */
        private static void checkEndedBeforeNamed(Identity identity, Identity after, Entities entities) {
            String externalId = after.externalId();
            if (externalId != null
                    && !externalId.equals(identity.externalId())
                    && sessions(identity, entities)
                            .map(ApiSession::claimed)
                            .anyMatch(claimed ->
                                    claimed != null && claimed.externalId().equals(externalId))) {
                throw new ModelException(
                        Kind.CONFLICT,
                        "identity '" + identity.id()
                                + "' cannot have this external id again yet: the sessions that were"
                                + " opened by it are still being ended",
                        "externalId",
                        externalId);
            }
        }

        private static Stream<ApiSession> sessions(Identity identity, Entities entities) {
            return entities
                    .findAll(
                            ApiSessions.TYPE,
                            ApiSessions.BY_IDENTITY,
                            identity.id().value())
                    .stream();
        }

        private static void checkDeletable(Identity identity, Entities entities) {
            if (identity.defaultAdmin()) {
                throw new ModelException(
                        Kind.PROTECTED,
                        "the default administrator cannot be deleted",
                        "id",
                        identity.id().value());
            }
            boolean hasRouter = entities.get(EdgeRouters.TYPE, identity.id()).isPresent();
            if (identity.type().equals(TYPE_ROUTER) && hasRouter) {
                throw new ModelException(
                        Kind.PROTECTED,
                        "the identity of a router goes with its router, or by disabling the router's tunneler",
                        "id",
                        identity.id().value());
            }
        }
    }
}
