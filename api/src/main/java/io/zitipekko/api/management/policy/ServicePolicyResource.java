package io.zitipekko.api.management.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.ServicePolicies;
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

/** Who may dial or bind what. protocol/06 section 6.3. */
public final class ServicePolicyResource extends EntityResource<ServicePolicy> {
    private static final SymbolTable<ServicePolicy> SYMBOLS = Symbols.<ServicePolicy>base()
            .string("name", ServicePolicy::name)
            .string("type", policy -> Words.of(policy.type()))
            .string("semantic", policy -> Words.of(policy.semantic()))
            .strings("identityRoles", ServicePolicy::identityRoles)
            .strings("serviceRoles", ServicePolicy::serviceRoles)
            .strings("postureCheckRoles", ServicePolicy::postureCheckRoles)
            .linked(
                    "identities",
                    (policy, view) -> RoleLists.selected(
                            policy.identityRoles(), policy.semantic(), Identities.TYPE, Identity::roleAttributes, view),
                    Symbols.<Identity>base().string("name", Identity::name).build())
            .linked(
                    "services",
                    (policy, view) -> RoleLists.selected(
                            policy.serviceRoles(), policy.semantic(), Services.TYPE, Service::roleAttributes, view),
                    Symbols.<Service>base().string("name", Service::name).build())
            .build();

    public ServicePolicyResource(ManagementContext context) {
        super(
                context,
                "service-policies",
                "service-policy",
                ServicePolicies.TYPE,
                SYMBOLS,
                List.of("services", "identities", "posture-checks"));
    }

    /** What the policy selects, in id order. */
    public static Collection<Identity> identities(ServicePolicy policy, Reading reading) {
        return reading.all(Identities.TYPE, reading.view().policies().selectedIdentities(policy.id()));
    }

    /** What the policy selects, in id order. */
    public static Collection<Service> services(ServicePolicy policy, Reading reading) {
        return reading.all(Services.TYPE, reading.view().policies().selectedServices(policy.id()));
    }

    /** What the policy selects, in id order. */
    public static Collection<PostureCheck> postureChecks(ServicePolicy policy, Reading reading) {
        return reading.all(PostureChecks.TYPE, reading.view().policies().selectedPostureChecks(policy.id()));
    }

    @Override
    protected void describe(ServicePolicy policy, ObjectNode out, Reading reading) {
        out.put("name", policy.name());
        out.put("type", Words.of(policy.type()));
        out.put("semantic", Words.of(policy.semantic()));
        RoleLists.describe(
                out, "identityRoles", policy.identityRoles(), Identities.TYPE, Identity::name, reading.view());
        RoleLists.describe(out, "serviceRoles", policy.serviceRoles(), Services.TYPE, Service::name, reading.view());
        RoleLists.describe(
                out,
                "postureCheckRoles",
                policy.postureCheckRoles(),
                PostureChecks.TYPE,
                PostureCheck::name,
                reading.view());
    }

    @Override
    protected ServicePolicy read(Fields<ServicePolicy> fields, String id, Instant now) {
        return new ServicePolicy(
                new ServicePolicyId(id),
                fields.meta(now),
                fields.requiredText("name", ServicePolicy::name),
                fields.required("type", value -> Fields.oneOf("type", value, Words.POLICY_TYPES), ServicePolicy::type),
                fields.required(
                        "semantic", value -> Fields.oneOf("semantic", value, Words.SEMANTICS), ServicePolicy::semantic),
                RoleLists.read(fields, "identityRoles", ServicePolicy::identityRoles),
                RoleLists.read(fields, "serviceRoles", ServicePolicy::serviceRoles),
                RoleLists.read(fields, "postureCheckRoles", ServicePolicy::postureCheckRoles));
    }
}
