package io.zitipekko.api.management;

import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Configs;
import io.zitipekko.actors.model.type.EdgeRouterPolicies;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.ServiceEdgeRouterPolicies;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.ca.CaResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.management.entity.RoleFilter;
import io.zitipekko.api.management.identity.AuthPolicyResource;
import io.zitipekko.api.management.identity.AuthenticatorResource;
import io.zitipekko.api.management.identity.EnrollmentResource;
import io.zitipekko.api.management.identity.IdentityActions;
import io.zitipekko.api.management.identity.IdentityResource;
import io.zitipekko.api.management.identity.IdentityServiceConfigs;
import io.zitipekko.api.management.policy.EdgeRouterPolicyResource;
import io.zitipekko.api.management.policy.PostureCheckResource;
import io.zitipekko.api.management.policy.RoleAttributeLists;
import io.zitipekko.api.management.policy.ServiceEdgeRouterPolicyResource;
import io.zitipekko.api.management.policy.ServicePolicyResource;
import io.zitipekko.api.management.router.EdgeRouterResource;
import io.zitipekko.api.management.router.TransitRouterResource;
import io.zitipekko.api.management.service.ConfigResource;
import io.zitipekko.api.management.service.ConfigTypeResource;
import io.zitipekko.api.management.service.ServiceResource;
import io.zitipekko.api.management.service.TerminatorResource;
import io.zitipekko.api.management.session.ApiSessionResource;
import io.zitipekko.api.management.session.SessionResource;
import io.zitipekko.api.management.system.SystemRoutes;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Puts the management API together: each resource, and which lists hang below which. protocol/06 section 6. */
public final class ManagementApi {
    public static final String BASE = "/edge/management/v1";

    private final ManagementContext context;
    private final IdentityResource identities;
    private final ServiceResource services;
    private final EdgeRouterResource routers;
    private final ServicePolicyResource servicePolicies;
    private final EdgeRouterPolicyResource routerPolicies;
    private final ServiceEdgeRouterPolicyResource serviceRouterPolicies;
    private final PostureCheckResource postureChecks;
    private final ConfigResource configs;
    private final ConfigTypeResource configTypes;
    private final AuthenticatorResource authenticators;
    private final EnrollmentResource enrollments;

    private ManagementApi(ManagementContext context) {
        this.context = context;
        this.identities = new IdentityResource(context);
        this.services = new ServiceResource(context);
        this.routers = new EdgeRouterResource(context);
        this.servicePolicies = new ServicePolicyResource(context);
        this.routerPolicies = new EdgeRouterPolicyResource(context);
        this.serviceRouterPolicies = new ServiceEdgeRouterPolicyResource(context);
        this.postureChecks = new PostureCheckResource(context);
        this.configs = new ConfigResource(context);
        this.configTypes = new ConfigTypeResource(context);
        this.authenticators = new AuthenticatorResource(context);
        this.enrollments = new EnrollmentResource(context);
    }

    /** Every route of this API but log-in, version and the caller's own identity, which it shares with the client API. */
    public static ApiRoutes routes(ManagementContext context) {
        ManagementApi api = new ManagementApi(context);
        ApiRoutes.Builder routes = ApiRoutes.under(BASE);
        api.addResources(routes);
        api.addListsOfIdentities(routes);
        api.addListsOfServices(routes);
        api.addListsOfRouters(routes);
        api.addListsOfPolicies(routes);
        return routes.build();
    }

    private void addResources(ApiRoutes.Builder routes) {
        List.of(
                        identities,
                        services,
                        routers,
                        servicePolicies,
                        routerPolicies,
                        serviceRouterPolicies,
                        postureChecks,
                        new CaResource(context),
                        configs,
                        configTypes,
                        authenticators,
                        enrollments,
                        new AuthPolicyResource(context),
                        new TransitRouterResource(context, "transit-routers"),
                        new TransitRouterResource(context, "routers"),
                        new ApiSessionResource(context),
                        new SessionResource(context))
                .forEach(resource -> resource.addTo(routes));
        new TerminatorResource(
                        context,
                        TerminatorResource.Dialect.MANAGEMENT,
                        action -> Access.permission("terminator", action))
                .addTo(routes);
        new IdentityActions(context).addTo(routes);
        new IdentityServiceConfigs(context).addTo(routes);
        new RoleAttributeLists(context).addTo(routes);
        new SystemRoutes(context).addTo(routes);
    }

    private void addListsOfIdentities(ApiRoutes.Builder routes) {
        identities.addNestedTo(routes, "authenticators", authenticators, (identity, reading) -> reading.view()
                .findAll(
                        Authenticators.TYPE,
                        Authenticators.BY_IDENTITY,
                        identity.id().value()));
        identities.addNestedTo(routes, "enrollments", enrollments, (identity, reading) -> reading.view()
                .findAll(
                        Enrollments.TYPE, Enrollments.BY_IDENTITY, identity.id().value()));
        identities.addNestedTo(
                routes,
                "edge-routers",
                routers,
                (identity, reading) ->
                        reading.all(EdgeRouters.TYPE, reading.view().policies().routers(identity.id())));
        identities.addNestedTo(
                routes,
                "service-policies",
                servicePolicies,
                (identity, reading) -> policies(reading, ServicePolicies.TYPE, policy -> RoleFilter.of(
                                policy.identityRoles(), policy.semantic())
                        .matches(identity.id().value(), identity.roleAttributes())));
        identities.addNestedTo(
                routes,
                "edge-router-policies",
                routerPolicies,
                (identity, reading) -> policies(reading, EdgeRouterPolicies.TYPE, policy -> RoleFilter.of(
                                policy.identityRoles(), policy.semantic())
                        .matches(identity.id().value(), identity.roleAttributes())));
        routes.get(
                "identities/{id}/services",
                Access.permission("service", Access.Action.READ),
                ApiHandler.direct(this::servicesOfIdentity));
    }

    private void addListsOfServices(ApiRoutes.Builder routes) {
        services.addNestedTo(
                routes, "configs", configs, (service, reading) -> reading.all(Configs.TYPE, service.configs()));
        services.addNestedTo(
                routes,
                "edge-routers",
                routers,
                (service, reading) ->
                        reading.all(EdgeRouters.TYPE, reading.view().policies().routers(service.id())));
        services.addNestedTo(
                routes,
                "service-policies",
                servicePolicies,
                (service, reading) -> policies(
                        reading, ServicePolicies.TYPE, policy -> RoleFilter.of(policy.serviceRoles(), policy.semantic())
                                .matches(service.id().value(), service.roleAttributes())));
        services.addNestedTo(
                routes,
                "service-edge-router-policies",
                serviceRouterPolicies,
                (service, reading) -> policies(reading, ServiceEdgeRouterPolicies.TYPE, policy -> RoleFilter.of(
                                policy.serviceRoles(), policy.semantic())
                        .matches(service.id().value(), service.roleAttributes())));
        routes.get(
                "services/{id}/identities",
                Access.permission("identity", Access.Action.READ),
                ApiHandler.direct(this::identitiesOfService));
        configs.addNestedTo(routes, "services", services, (config, reading) -> reading.view()
                .findAll(Services.TYPE, Services.BY_CONFIG, config.id().value()));
        configTypes.addNestedTo(routes, "configs", configs, (type, reading) -> reading.view()
                .findAll(Configs.TYPE, Configs.BY_TYPE, type.id().value()));
    }

    private void addListsOfRouters(ApiRoutes.Builder routes) {
        routers.addNestedTo(
                routes,
                "edge-router-policies",
                routerPolicies,
                (router, reading) -> policies(reading, EdgeRouterPolicies.TYPE, policy -> RoleFilter.of(
                                policy.edgeRouterRoles(), policy.semantic())
                        .matches(router.id().value(), router.roleAttributes())));
        routers.addNestedTo(
                routes,
                "service-edge-router-policies",
                serviceRouterPolicies,
                (router, reading) -> policies(reading, ServiceEdgeRouterPolicies.TYPE, policy -> RoleFilter.of(
                                policy.edgeRouterRoles(), policy.semantic())
                        .matches(router.id().value(), router.roleAttributes())));
        routers.addNestedTo(
                routes,
                "identities",
                identities,
                (router, reading) ->
                        reading.all(Identities.TYPE, reading.view().policies().identities(router.id())));
        routers.addNestedTo(
                routes,
                "services",
                services,
                (router, reading) ->
                        reading.all(Services.TYPE, reading.view().policies().services(router.id())));
    }

    private void addListsOfPolicies(ApiRoutes.Builder routes) {
        servicePolicies.addNestedTo(routes, "identities", identities, ServicePolicyResource::identities);
        servicePolicies.addNestedTo(routes, "services", services, ServicePolicyResource::services);
        servicePolicies.addNestedTo(routes, "posture-checks", postureChecks, ServicePolicyResource::postureChecks);
        routerPolicies.addNestedTo(routes, "identities", identities, EdgeRouterPolicyResource::identities);
        routerPolicies.addNestedTo(routes, "edge-routers", routers, EdgeRouterPolicyResource::routers);
        serviceRouterPolicies.addNestedTo(routes, "services", services, ServiceEdgeRouterPolicyResource::services);
        serviceRouterPolicies.addNestedTo(routes, "edge-routers", routers, ServiceEdgeRouterPolicyResource::routers);
    }

    /** The policies of a kind that match. */
    private static <P extends Entity> Collection<P> policies(
            Reading reading, EntityType<P> type, Predicate<P> matches) {
        return reading.view().all(type).stream().filter(matches).toList();
    }

    private ApiResponse servicesOfIdentity(RequestContext request) {
        Reading reading = context.reading(request);
        IdentityId identity = Fields.id("id", request.variable("id"), IdentityId::new);
        Set<ServiceId> reachable = wanted(request).stream()
                .flatMap(type -> reading.view().policies().services(identity, type).stream())
                .collect(Collectors.toSet());
        return services.answer(request, reading.all(Services.TYPE, reachable), reading);
    }

    private ApiResponse identitiesOfService(RequestContext request) {
        Reading reading = context.reading(request);
        ServiceId service = Fields.id("id", request.variable("id"), ServiceId::new);
        Set<IdentityId> allowed = wanted(request).stream()
                .flatMap(type -> reading.view().policies().identities(service, type).stream())
                .collect(Collectors.toSet());
        return identities.answer(request, reading.all(Identities.TYPE, allowed), reading);
    }

    /** Both kinds of policy, unless {@code policyType} names one. */
    private static Set<PolicyType> wanted(RequestContext request) {
        Optional<String> named = request.parameter("policyType").filter(text -> !text.isBlank());
        if (named.isEmpty()) {
            return new TreeSet<>(List.of(PolicyType.DIAL, PolicyType.BIND));
        }
        return switch (named.get().toLowerCase(Locale.ROOT)) {
            case "dial" -> Set.of(PolicyType.DIAL);
            case "bind" -> Set.of(PolicyType.BIND);
            default -> throw ApiErrors.couldNotValidate("policyType", "should be one of [dial bind]", named.get());
        };
    }
}
