package io.zitipekko.api.fabric;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.api.entity.Symbols;
import io.zitipekko.api.management.entity.EntityResource;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.ManagementContext;
import io.zitipekko.api.management.entity.Reading;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Services as the fabric sees them: no roles, no configs. What the edge side of a service holds stays as it is. */
final class FabricServiceResource extends EntityResource<Service> {
    private static final SymbolTable<Service> SYMBOLS = Symbols.<Service>base()
            .string("name", Service::name)
            .string("terminatorStrategy", Service::terminatorStrategy)
            .build();

    FabricServiceResource(ManagementContext context) {
        super(context, "services", FabricRouterResource.ADMIN_ONLY, Services.TYPE, SYMBOLS, List.of("terminators"));
    }

    @Override
    protected void describe(Service service, ObjectNode out, Reading reading) {
        out.put("name", service.name());
        out.put("terminatorStrategy", service.terminatorStrategy());
        out.put("maxIdleTimeMillis", service.maxIdleTimeMillis());
    }

    @Override
    protected Service read(Fields<Service> fields, String id, Instant now) {
        @Nullable Service before = fields.before();
        return new Service(
                new ServiceId(id),
                fields.meta(now),
                fields.requiredText("name", Service::name),
                before != null && before.encryptionRequired(),
                fields.text("terminatorStrategy", Service::terminatorStrategy, ""),
                before == null ? Set.of() : before.roleAttributes(),
                before == null ? List.of() : before.configs(),
                fields.integer("maxIdleTimeMillis", Service::maxIdleTimeMillis, 0));
    }
}
