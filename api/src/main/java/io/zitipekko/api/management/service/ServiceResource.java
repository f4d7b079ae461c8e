package io.zitipekko.api.management.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.api.client.json.PostureQueries;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.management.entity.RoleFilter;
import io.zitipekko.api.query.Query;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Services. protocol/06 section 6.2. */
public final class ServiceResource extends EntityResource<Service> {
    public static final String COLLECTION = "services";

    private static final SymbolTable<Service> SYMBOLS = Symbols.<Service>base()
            .string("name", Service::name)
            .string("terminatorStrategy", Service::terminatorStrategy)
            .bool("isFabricOnly", service -> false)
            .strings("roleAttributes", Service::roleAttributes)
            .strings(
                    "configs",
                    service -> service.configs().stream().map(ConfigId::value).toList())
            .build();

    private static final List<String> LINKS =
            List.of("service-edge-router-policies", "service-policies", "terminators", "configs");

    public ServiceResource(ManagementContext context) {
        super(context, COLLECTION, "service", Services.TYPE, SYMBOLS, LINKS);
    }

    /** By role, and by what another identity may reach ({@code asIdentity}: id or name, administrators only). */
    @Override
    protected Query<Service> narrowed(Query<Service> query, RequestContext request, Reading reading) {
        Query<Service> byRole = RoleFilter.narrow(query, request, Service::roleAttributes);
        Optional<String> as = request.parameter("asIdentity").filter(text -> !text.isBlank());
        if (as.isEmpty()) {
            return byRole;
        }
        if (!request.requireCaller().admin()) {
            throw ApiErrors.unauthorized();
        }
        IdentityId id = find(as.get(), reading).id();
        return byRole.and((service, view) -> view.policies().allows(id, service.id(), PolicyType.DIAL)
                || view.policies().allows(id, service.id(), PolicyType.BIND));
    }

    private static Identity find(String idOrName, Reading reading) {
        return reading.view()
                .get(Identities.TYPE, Fields.id("asIdentity", idOrName, IdentityId::new))
                .or(() -> reading.view().find(Identities.TYPE, Identities.BY_NAME, idOrName))
                .orElseThrow(ApiErrors::notFound);
    }

    @Override
    protected void describe(Service service, ObjectNode out, Reading reading) {
        out.put("name", service.name());
        out.put("encryptionRequired", service.encryptionRequired());
        out.put("terminatorStrategy", service.terminatorStrategy());
        out.set("roleAttributes", Shapes.texts(service.roleAttributes()));
        out.set("configs", Shapes.texts(service.configs()));
        out.putObject("config");
        out.put("maxIdleTimeMillis", service.maxIdleTimeMillis());
        describeAccess(service, out, reading);
    }

    /** What the caller itself may do with it; an administrator's rights over the model give no right to dial. */
    private static void describeAccess(Service service, ObjectNode out, Reading reading) {
        ArrayNode permissions = out.putArray("permissions");
        ArrayNode queries = out.putArray("postureQueries");
        reading.caller().ifPresent(caller -> {
            addAccess(caller.identityId(), service, PolicyType.DIAL, "Dial", permissions, queries, reading);
            addAccess(caller.identityId(), service, PolicyType.BIND, "Bind", permissions, queries, reading);
        });
        if (permissions.isEmpty()) {
            permissions.add("Invalid");
        }
    }

    private static void addAccess(
            IdentityId identity,
            Service service,
            PolicyType type,
            String word,
            ArrayNode permissions,
            ArrayNode queries,
            Reading reading) {
        if (reading.view().policies().allows(identity, service.id(), type)) {
            permissions.add(word);
            PostureQueries.add(queries, identity, service.id(), type, reading.view());
        }
    }

    @Override
    protected Service read(Fields<Service> fields, String id, Instant now) {
        Service before = fields.before();
        return new Service(
                new ServiceId(id),
                fields.meta(now),
                fields.requiredText("name", Service::name),
                encryption(fields, before),
                fields.text("terminatorStrategy", Service::terminatorStrategy, ""),
                new TreeSet<>(fields.texts("roleAttributes", service -> List.copyOf(service.roleAttributes()))),
                configs(fields.texts("configs", service -> service.configs().stream()
                        .map(ConfigId::value)
                        .toList())),
                fields.integer("maxIdleTimeMillis", Service::maxIdleTimeMillis, 0));
    }

    /** Required when a service is made; PUT without it clears it; PATCH cannot change it. */
    private static boolean encryption(Fields<Service> fields, @org.jspecify.annotations.Nullable Service before) {
        if (before == null) {
            return fields.requiredBool("encryptionRequired", Service::encryptionRequired);
        }
        return fields.isPatch()
                ? before.encryptionRequired()
                : fields.bool("encryptionRequired", Service::encryptionRequired, false);
    }

    /** Each id once, in the order given. */
    public static List<ConfigId> configs(List<String> ids) {
        return ids.stream()
                .distinct()
                .map(id -> Fields.id("configs", id, ConfigId::new))
                .toList();
    }
}
