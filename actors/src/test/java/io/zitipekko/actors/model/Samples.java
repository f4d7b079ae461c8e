package io.zitipekko.actors.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.ApiSessionCertificate;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.entity.ClaimedId;
import io.zitipekko.actors.model.entity.Config;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.EdgeRouterPolicy;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.ServiceEdgeRouterPolicy;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.ApiSessionCertificateId;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.ConfigTypeId;
import io.zitipekko.actors.model.id.EdgeRouterPolicyId;
import io.zitipekko.actors.model.id.EnrollmentId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceEdgeRouterPolicyId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.id.SessionId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.AuthPolicies;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Configs;
import io.zitipekko.actors.model.type.EdgeRouterPolicies;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.ServiceEdgeRouterPolicies;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Sessions;
import io.zitipekko.actors.model.type.Terminators;
import io.zitipekko.transport.identity.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Entities for tests: valid, named by their id unless said otherwise. */
public final class Samples {
    public static final Instant THEN = Instant.parse("2026-11-22T09:00:00.123456789Z");
    public static final Entity.Meta META = Entity.Meta.created(THEN, Map.of("team", "blue"));

    private Samples() {}

    public static Identity identity(String id, String... attributes) {
        return identity(id, id, attributes);
    }

    public static Identity identity(String id, String name, String[] attributes) {
        return new Identity(
                new IdentityId(id),
                META,
                name,
                Identities.TYPE_DEFAULT,
                false,
                false,
                new TreeSet<>(List.of(attributes)),
                null,
                AuthPolicies.DEFAULT,
                Map.of("nested", Map.of("a", List.of(1, 2.5, "three"))),
                Precedence.DEFAULT,
                0,
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                null,
                Map.of("os", "linux"),
                Map.of(),
                Set.of());
    }

    /** The same identity with hosting defaults and an override for a service. */
    public static Identity hosting(Identity identity, String service, Map<String, String> overrides) {
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
                Map.of(service, 7),
                Map.of(service, Precedence.REQUIRED),
                overrides.isEmpty() ? Map.of() : Map.of(service, overrides),
                identity.disabledAt(),
                identity.disabledUntil(),
                identity.envInfo(),
                identity.sdkInfo(),
                identity.permissions());
    }

    /** The same identity with another external id; null for none. */
    public static Identity withExternalId(Identity identity, @Nullable String externalId) {
        return new Identity(
                identity.id(),
                identity.meta(),
                identity.name(),
                identity.type(),
                identity.admin(),
                identity.defaultAdmin(),
                identity.roleAttributes(),
                externalId,
                identity.authPolicyId(),
                identity.appData(),
                identity.defaultHostingPrecedence(),
                identity.defaultHostingCost(),
                identity.serviceHostingCosts(),
                identity.serviceHostingPrecedences(),
                identity.serviceConfigs(),
                identity.disabledAt(),
                identity.disabledUntil(),
                identity.envInfo(),
                identity.sdkInfo(),
                identity.permissions());
    }

    public static Identity administrator(String id) {
        Identity plain = identity(id);
        return new Identity(
                plain.id(),
                plain.meta(),
                plain.name(),
                plain.type(),
                true,
                true,
                Set.of(),
                "external-" + id,
                plain.authPolicyId(),
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

    public static Service service(String id, String... attributes) {
        return service(id, id, List.of(), attributes);
    }

    public static Service service(String id, String name, List<ConfigId> configs, String... attributes) {
        return new Service(
                new ServiceId(id), META, name, true, "smartrouting", new TreeSet<>(List.of(attributes)), configs, 0);
    }

    public static EdgeRouter router(String id, boolean tunneler, String... attributes) {
        return router(id, id, tunneler, attributes);
    }

    public static EdgeRouter router(String id, String name, boolean tunneler, String... attributes) {
        return new EdgeRouter(
                new RouterId(id),
                META,
                name,
                new TreeSet<>(List.of(attributes)),
                tunneler,
                0,
                false,
                false,
                Map.of(),
                List.of(),
                Map.of("tls:router.example:6262", List.of("default")),
                true,
                fingerprint("router " + id),
                "pem",
                null,
                null);
    }

    public static ServicePolicy servicePolicy(
            String id, PolicyType type, Semantic semantic, List<String> identityRoles, List<String> serviceRoles) {
        return new ServicePolicy(
                new ServicePolicyId(id), META, id, type, semantic, identityRoles, serviceRoles, List.of());
    }

    /** The same policy, asking for posture checks. */
    public static ServicePolicy guarded(ServicePolicy policy, String... postureCheckRoles) {
        return new ServicePolicy(
                policy.id(),
                policy.meta(),
                policy.name(),
                policy.type(),
                policy.semantic(),
                policy.identityRoles(),
                policy.serviceRoles(),
                List.of(postureCheckRoles));
    }

    public static PostureCheck postureCheck(String id, PostureCheck.Subtype subtype, String... attributes) {
        return new PostureCheck(new PostureCheckId(id), META, id, new TreeSet<>(List.of(attributes)), 1, subtype);
    }

    public static EdgeRouterPolicy edgeRouterPolicy(
            String id, Semantic semantic, List<String> identityRoles, List<String> routerRoles) {
        return new EdgeRouterPolicy(new EdgeRouterPolicyId(id), META, id, semantic, identityRoles, routerRoles);
    }

    public static ServiceEdgeRouterPolicy serviceEdgeRouterPolicy(
            String id, Semantic semantic, List<String> serviceRoles, List<String> routerRoles) {
        return new ServiceEdgeRouterPolicy(
                new ServiceEdgeRouterPolicyId(id), META, id, semantic, serviceRoles, routerRoles);
    }

    public static Config config(String id, String typeId, String json) {
        return new Config(new ConfigId(id), META, id, new ConfigTypeId(typeId), json(json));
    }

    public static Authenticator certificate(String id, String identity) {
        return new Authenticator(
                new AuthenticatorId(id),
                META,
                new IdentityId(identity),
                new Authenticator.Certificate(fingerprint("certificate " + id), "pem", true, null, null));
    }

    public static Authenticator password(String id, String identity, String username) {
        return new Authenticator(
                new AuthenticatorId(id),
                META,
                new IdentityId(identity),
                new Authenticator.Password(username, "c2FsdA==", "aGFzaA=="));
    }

    public static Enrollment enrollment(String id, String identity, String token) {
        return new Enrollment(
                new EnrollmentId(id),
                META,
                "ott",
                token,
                THEN.plusSeconds(60),
                "jwt",
                new IdentityId(identity),
                null,
                null,
                null);
    }

    /** One that wants a certificate of an authority. */
    public static Enrollment invitation(String id, String identity, String ca) {
        return new Enrollment(
                new EnrollmentId(id),
                META,
                "ottca",
                "token " + id,
                THEN.plusSeconds(60),
                "jwt",
                new IdentityId(identity),
                null,
                null,
                new CaId(ca));
    }

    public static Enrollment routerEnrollment(String id, String router, String token) {
        return new Enrollment(
                new EnrollmentId(id),
                META,
                "erott",
                token,
                THEN.plusSeconds(60),
                "jwt",
                null,
                new RouterId(router),
                null,
                null);
    }

    public static Terminator terminator(String id, String service, String router) {
        return new Terminator(
                new TerminatorId(id),
                META,
                new ServiceId(service),
                new RouterId(router),
                "transport",
                "tcp:localhost:80",
                "",
                new byte[] {1, 2, 3},
                5,
                Precedence.DEFAULT,
                Map.of(1, new byte[] {4, 5}),
                null);
    }

    public static ApiSession apiSession(String id, String identity, String authenticator) {
        return new ApiSession(
                new ApiSessionId(id),
                META,
                "token " + id,
                new IdentityId(identity),
                new AuthenticatorId(authenticator),
                List.of("all"),
                "127.0.0.1",
                List.of(fingerprint("leaf")),
                false,
                null,
                null);
    }

    /** A session that was admitted under a third party's authority. */
    public static ApiSession apiSessionUnder(String ca, String id, String identity, String authenticator) {
        return under(ca, apiSession(id, identity, authenticator), null);
    }

    /** A session that was opened by an external id. */
    public static ApiSession apiSessionClaimed(String ca, String id, String identity, ClaimedId claimed) {
        return under(ca, apiSession(id, identity, AuthenticatorId.INTERNAL.value()), claimed);
    }

    private static ApiSession under(String ca, ApiSession own, @Nullable ClaimedId claimed) {
        return new ApiSession(
                own.id(),
                own.meta(),
                own.token(),
                own.identityId(),
                own.authenticatorId(),
                own.configTypes(),
                own.ipAddress(),
                own.certFingerprints(),
                own.improperClientCertChain(),
                new CaId(ca),
                claimed);
    }

    /** An authority whose key was shown. */
    public static Ca ca(String id, boolean logIn) {
        return new Ca(
                new CaId(id),
                META,
                id,
                fingerprint("authority " + id),
                "pem",
                true,
                "verify " + id,
                logIn,
                false,
                false,
                Set.of(),
                Ca.DEFAULT_NAME_FORMAT,
                null);
    }

    public static ApiSessionCertificate apiSessionCertificate(String id, String apiSession) {
        return new ApiSessionCertificate(
                new ApiSessionCertificateId(id),
                META,
                new ApiSessionId(apiSession),
                "CN=" + id,
                fingerprint("session certificate " + id),
                THEN,
                THEN.plusSeconds(60),
                "pem");
    }

    public static Session session(String id, String apiSession, String identity, String service) {
        return new Session(
                new SessionId(id),
                META,
                new ApiSessionId(apiSession),
                new IdentityId(identity),
                new ServiceId(service),
                PolicyType.DIAL);
    }

    public static Fingerprint fingerprint(String of) {
        return Fingerprint.ofDer(of.getBytes(StandardCharsets.UTF_8));
    }

    public static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** A change that creates {@code entity}. */
    public static <E extends Entity> Change put(EntityType<E> type, E entity) {
        return new Change.Put<>(type, entity, null);
    }

    public static Change put(Identity entity) {
        return put(Identities.TYPE, entity);
    }

    public static Change put(Service entity) {
        return put(Services.TYPE, entity);
    }

    public static Change put(EdgeRouter entity) {
        return put(EdgeRouters.TYPE, entity);
    }

    public static Change put(ServicePolicy entity) {
        return put(ServicePolicies.TYPE, entity);
    }

    public static Change put(PostureCheck entity) {
        return put(PostureChecks.TYPE, entity);
    }

    public static Change put(EdgeRouterPolicy entity) {
        return put(EdgeRouterPolicies.TYPE, entity);
    }

    public static Change put(ServiceEdgeRouterPolicy entity) {
        return put(ServiceEdgeRouterPolicies.TYPE, entity);
    }

    public static Change put(Config entity) {
        return put(Configs.TYPE, entity);
    }

    public static Change put(Authenticator entity) {
        return put(Authenticators.TYPE, entity);
    }

    public static Change put(Enrollment entity) {
        return put(Enrollments.TYPE, entity);
    }

    public static Change put(Terminator entity) {
        return put(Terminators.TYPE, entity);
    }

    public static Change put(ApiSession entity) {
        return put(ApiSessions.TYPE, entity);
    }

    public static Change put(Session entity) {
        return put(Sessions.TYPE, entity);
    }

    public static <E extends Entity> Change replace(EntityType<E> type, E before, E after) {
        return new Change.Put<>(type, after, before);
    }

    public static Change delete(EntityType<?> type, String id) {
        return new Change.Delete(type, type.idOf().apply(id));
    }

    public static Proposal proposal(Change... changes) {
        return new Proposal(List.of(changes), new Proposal.Author("identity", "admin", "Admin"));
    }
}
