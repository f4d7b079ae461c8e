package io.zitipekko.api.management.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.EdgeRouterPolicy;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.ServiceEdgeRouterPolicy;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.type.EdgeRouterPolicies;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.ServiceEdgeRouterPolicies;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.api.entity.Lists;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.query.Query;
import io.zitipekko.api.query.SymbolTable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The role attributes in use, and where they are used. Only paging inside {@code filter} counts here; without it everything is shown.
 * protocol/06 sections 2.1 and 6.15.
 */
public final class RoleAttributeLists {
    private static final SymbolTable<String> ATTRIBUTES =
            SymbolTable.<String>of(Function.identity()).build();
    private static final SymbolTable<Usage> USAGES =
            SymbolTable.of(Usage::attribute).build();

    private static final Source IDENTITIES = Source.holders("identities", Identities.TYPE, Identity::roleAttributes);
    private static final Source SERVICES = Source.holders("services", Services.TYPE, Service::roleAttributes);
    private static final Source ROUTERS = Source.holders("edgeRouters", EdgeRouters.TYPE, EdgeRouter::roleAttributes);
    private static final Source POSTURE_CHECKS =
            Source.holders("postureChecks", PostureChecks.TYPE, PostureCheck::roleAttributes);

    private final ManagementContext context;

    public RoleAttributeLists(ManagementContext context) {
        this.context = context;
    }

    /** Where attributes come from: each entity's id with the attributes that it holds or names. */
    private record Source(String name, Function<ModelView, Map<String, Collection<String>>> attributes) {
        static <E extends Entity> Source holders(
                String name, EntityType<E> type, Function<E, ? extends Collection<String>> held) {
            return new Source(name, view -> {
                Map<String, Collection<String>> out = new LinkedHashMap<>();
                view.all(type).forEach(entity -> out.put(entity.id().value(), held.apply(entity)));
                return out;
            });
        }

        static <E extends Entity> Source policies(String name, EntityType<E> type, Function<E, List<String>> roles) {
            return holders(name, type, policy -> roles.apply(policy).stream()
                    .filter(role -> role.startsWith("#") && !role.equals("#all"))
                    .map(role -> role.substring(1))
                    .toList());
        }
    }

    /** One attribute with the ids that use it, by source. */
    private record Usage(String attribute, Map<String, TreeSet<String>> ids) {}

    public void addTo(ApiRoutes.Builder routes) {
        add(
                routes,
                "identity",
                "identity",
                IDENTITIES,
                List.of(
                        IDENTITIES,
                        Source.policies("servicePolicies", ServicePolicies.TYPE, ServicePolicy::identityRoles),
                        Source.policies(
                                "edgeRouterPolicies", EdgeRouterPolicies.TYPE, EdgeRouterPolicy::identityRoles)));
        add(
                routes,
                "service",
                "service",
                SERVICES,
                List.of(
                        SERVICES,
                        Source.policies("servicePolicies", ServicePolicies.TYPE, ServicePolicy::serviceRoles),
                        Source.policies(
                                "serviceEdgeRouterPolicies",
                                ServiceEdgeRouterPolicies.TYPE,
                                ServiceEdgeRouterPolicy::serviceRoles)));
        add(
                routes,
                "edge-router",
                "router",
                ROUTERS,
                List.of(
                        ROUTERS,
                        Source.policies(
                                "edgeRouterPolicies", EdgeRouterPolicies.TYPE, EdgeRouterPolicy::edgeRouterRoles),
                        Source.policies(
                                "serviceEdgeRouterPolicies",
                                ServiceEdgeRouterPolicies.TYPE,
                                ServiceEdgeRouterPolicy::edgeRouterRoles)));
        add(
                routes,
                "posture-check",
                "posture-check",
                POSTURE_CHECKS,
                List.of(
                        POSTURE_CHECKS,
                        Source.policies("servicePolicies", ServicePolicies.TYPE, ServicePolicy::postureCheckRoles)));
    }

    private void add(ApiRoutes.Builder routes, String kind, String permission, Source holders, List<Source> sources) {
        Access access = Access.permission(permission, Access.Action.READ);
        routes.get(kind + "-role-attributes", access, ApiHandler.direct(request -> list(request, holders)))
                .get(kind + "-role-attribute-usage", access, ApiHandler.direct(request -> usage(request, sources)));
    }

    private ApiResponse list(RequestContext request, Source source) {
        ModelView view = context.model().view();
        TreeSet<String> attributes = new TreeSet<>();
        source.attributes().apply(view).values().forEach(attributes::addAll);
        return Lists.whole(query(request, ATTRIBUTES), List.copyOf(attributes), ATTRIBUTES, view, Json::tree);
    }

    private ApiResponse usage(RequestContext request, List<Source> sources) {
        ModelView view = context.model().view();
        Map<String, Usage> usages = new TreeMap<>();
        for (Source source : sources) {
            source.attributes()
                    .apply(view)
                    .forEach((id, attributes) -> attributes.forEach(
                            attribute -> usages.computeIfAbsent(attribute, a -> new Usage(a, new LinkedHashMap<>()))
                                    .ids()
                                    .computeIfAbsent(source.name(), s -> new TreeSet<>())
                                    .add(id)));
        }
        boolean withIds =
                request.parameter("withIds").map(Boolean::parseBoolean).orElse(false);
        return Lists.whole(query(request, USAGES), List.copyOf(usages.values()), USAGES, view, usage -> {
            ObjectNode out = Json.object().put("roleAttribute", usage.attribute());
            ObjectNode counts = out.putObject("usage");
            for (Source source : sources) {
                TreeSet<String> ids = usage.ids().getOrDefault(source.name(), new TreeSet<>());
                ObjectNode count = counts.putObject(source.name()).put("count", ids.size());
                if (withIds) {
                    ArrayNode all = count.putArray("ids");
                    ids.forEach(all::add);
                } else {
                    count.putNull("ids");
                }
            }
            return out;
        });
    }

    /** The request's {@code sort} is ignored: consoles send one that means nothing here. */
    private static <E> Query<E> query(RequestContext request, SymbolTable<E> symbols) {
        return Lists.query(request.withoutParameter("sort"), symbols);
    }
}
