package io.zitipekko.api.management.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.ServiceEdgeRouterPolicy;
import io.zitipekko.actors.model.id.ServiceEdgeRouterPolicyId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.model.type.ServiceEdgeRouterPolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.entity.Words;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Which services may be reached over which edge routers. protocol/06 section 6.3. */
public final class ServiceEdgeRouterPolicyResource extends EntityResource<ServiceEdgeRouterPolicy> {
    private static final SymbolTable<ServiceEdgeRouterPolicy> SYMBOLS = Symbols.<ServiceEdgeRouterPolicy>base()
            .string("name", ServiceEdgeRouterPolicy::name)
            .string("semantic", policy -> Words.of(policy.semantic()))
            .strings("serviceRoles", ServiceEdgeRouterPolicy::serviceRoles)
            .strings("edgeRouterRoles", ServiceEdgeRouterPolicy::edgeRouterRoles)
            .build();

    public ServiceEdgeRouterPolicyResource(ManagementContext context) {
        super(
                context,
                "service-edge-router-policies",
                "service-edge-router-policy",
                ServiceEdgeRouterPolicies.TYPE,
                SYMBOLS,
                List.of("edge-routers", "services"));
    }

    /** What the policy selects, in id order. */
    public static Collection<Service> services(ServiceEdgeRouterPolicy policy, Reading reading) {
        return RoleLists.selected(
                policy.serviceRoles(), policy.semantic(), Services.TYPE, Service::roleAttributes, reading.view());
    }

    /** What the policy selects, in id order. */
    public static Collection<EdgeRouter> routers(ServiceEdgeRouterPolicy policy, Reading reading) {
        return RoleLists.selected(
                policy.edgeRouterRoles(),
                policy.semantic(),
                EdgeRouters.TYPE,
                EdgeRouter::roleAttributes,
                reading.view());
    }

    @Override
    protected void describe(ServiceEdgeRouterPolicy policy, ObjectNode out, Reading reading) {
        out.put("name", policy.name());
        out.put("semantic", Words.of(policy.semantic()));
        RoleLists.describe(out, "serviceRoles", policy.serviceRoles(), Services.TYPE, Service::name, reading.view());
        RoleLists.describe(
                out, "edgeRouterRoles", policy.edgeRouterRoles(), EdgeRouters.TYPE, EdgeRouter::name, reading.view());
    }

    @Override
    protected ServiceEdgeRouterPolicy read(Fields<ServiceEdgeRouterPolicy> fields, String id, Instant now) {
        return new ServiceEdgeRouterPolicy(
                new ServiceEdgeRouterPolicyId(id),
                fields.meta(now),
                fields.requiredText("name", ServiceEdgeRouterPolicy::name),
                fields.required(
                        "semantic",
                        value -> Fields.oneOf("semantic", value, Words.SEMANTICS),
                        ServiceEdgeRouterPolicy::semantic),
                RoleLists.read(fields, "serviceRoles", ServiceEdgeRouterPolicy::serviceRoles),
                RoleLists.read(fields, "edgeRouterRoles", ServiceEdgeRouterPolicy::edgeRouterRoles));
    }
}
