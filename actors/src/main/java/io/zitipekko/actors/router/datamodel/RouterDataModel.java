package io.zitipekko.actors.router.datamodel;

import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.router.Registration;
import io.zitipekko.transport.identity.TrustAnchors;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the edge side asks of the router's copy of the model, streamed by a controller (protocol/03 section 12). Reads are lock-free
 * and see the newest applied state; none blocks, none throws.
 */
public interface RouterDataModel {
    Optional<IdentityEntry> identity(IdentityId id);

    Optional<ServiceEntry> service(ServiceId id);

    Optional<ServiceEntry> serviceByName(String name);

    /** What service policies say of it (protocol/03 section 12.4). */
    Access access(IdentityId identity, ServiceId service, PolicyType type);

    /** The certificates that a client's leaf must chain to (public keys with usage ClientX509CertValidation). */
    TrustAnchors clientAnchors();

    /** The key that signs the JWTs which name it (public keys with usage JWTValidation). */
    Optional<PublicKey> jwtKey(String kid);

    /** Whether the API session of a JWT ({@code z_asid}) was revoked. */
    boolean isApiSessionRevoked(String apiSessionId);

    /** Tokens of the identity issued before this are dead; {@link Instant#MAX} when all are. */
    Optional<Instant> identityRevokedBefore(IdentityId identity);

    /**
     * Whether the controllers say that this router is disabled. One that is not in the model is not, except the one whose model it is once its
     * record has been taken away.
     */
    default boolean isDisabled(RouterId router) {
        return false;
    }

    /** Calls {@code listener} after each applied change, in order, on the thread that applied it: must not block. */
    Registration onChange(Consumer<Change> listener);

    /** An identity as routers know it. */
    record IdentityEntry(IdentityId id, String name, boolean disabled) {}

    /** A service as routers know it. */
    record ServiceEntry(ServiceId id, String name, boolean encryptionRequired) {}

    /**
     * What may have become different: a rule about any of these must be looked at again. A policy change names the identities and
     * services that the policy held before or holds now.
     *
     * @param everything the model was replaced, or keys were taken out of it
     * @param routers whose record changed; they have no rights of their own here
     * @param apiSessions that were revoked
     */
    record Change(
            boolean everything,
            Set<IdentityId> identities,
            Set<ServiceId> services,
            Set<RouterId> routers,
            Set<ApiSessionId> apiSessions) {
        public static final Change EVERYTHING = new Change(true, Set.of(), Set.of());

        public Change {
            identities = Set.copyOf(identities);
            services = Set.copyOf(services);
            routers = Set.copyOf(routers);
            apiSessions = Set.copyOf(apiSessions);
        }

        /** One that concerns no API session by itself. */
        public Change(boolean everything, Set<IdentityId> identities, Set<ServiceId> services, Set<RouterId> routers) {
            this(everything, identities, services, routers, Set.of());
        }

        /** One that concerns no router either. */
        public Change(boolean everything, Set<IdentityId> identities, Set<ServiceId> services) {
            this(everything, identities, services, Set.of(), Set.of());
        }

        /** Whether a right of this identity to this service may have changed. */
        public boolean touches(IdentityId identity, ServiceId service) {
            return everything || identities.contains(identity) || services.contains(service);
        }

        /** Whether the record of the router may have changed. */
        public boolean touches(RouterId router) {
            return everything || routers.contains(router);
        }

        /** Whether the identity itself may have changed. */
        public boolean touches(IdentityId identity) {
            return everything || identities.contains(identity);
        }
    }

    /** The answer of the policies. */
    sealed interface Access {
        /** A policy without posture checks grants it. */
        record Granted() implements Access {}

        /** Granted once all checks of any one of these policies pass. */
        record IfPostured(List<Set<PostureCheckId>> checksOfPolicies) implements Access {
            public IfPostured {
                checksOfPolicies = List.copyOf(checksOfPolicies);
            }
        }

        /** The identity or the service is not in the model, or no policy of that type joins them. */
        record Denied(Reason reason) implements Access {}

        /** Why it is denied. */
        enum Reason {
            UNKNOWN_IDENTITY,
            UNKNOWN_SERVICE,
            NO_POLICY
        }
    }
}
