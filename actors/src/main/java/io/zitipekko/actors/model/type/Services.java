package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.ServiceId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Services. protocol/06 section 6.2. */
public final class Services {
    public static final Key<Service> BY_NAME = new Key<>("name", service -> FieldRules.optional(service.name()));
    public static final Key<Service> BY_CONFIG = new Key<>(
            "configs",
            service -> service.configs().stream().map(ConfigId::value).toList());
    public static final Key<Service> BY_ROLE_ATTRIBUTE =
            new Key<>("roleAttributes", service -> List.copyOf(service.roleAttributes()));

    public static final EntityType<Service> TYPE = EntityType.named("services", Service.class, ServiceId::new)
            .unique(BY_NAME)
            .key(BY_ROLE_ATTRIBUTE)
            .reference(Reference.clean(BY_CONFIG, () -> Configs.TYPE, Services::withoutConfig))
            .rules(Services::check)
            .build();

    /** Names of terminator strategies (protocol/06 section 5.3). */
    public static final Set<String> TERMINATOR_STRATEGIES = Set.of("smartrouting", "weighted", "random", "sticky");

    private Services() {}

    private static void check(Service service, @Nullable Service before, Entities entities) {
        FieldRules.name(service.name());
        FieldRules.oneOf("terminatorStrategy", service.terminatorStrategy(), TERMINATOR_STRATEGIES);
        FieldRules.attributes("roleAttributes", service.roleAttributes());
        if (service.maxIdleTimeMillis() < 0) {
            throw FieldRules.invalid("maxIdleTimeMillis", service.maxIdleTimeMillis(), "expected 0 or more");
        }
        Configs.checkAttached(service.configs(), "service", entities);
    }

    private static Service withoutConfig(Service service, EntityId config) {
        return new Service(
                service.id(),
                service.meta(),
                service.name(),
                service.encryptionRequired(),
                service.terminatorStrategy(),
                service.roleAttributes(),
                service.configs().stream().filter(id -> !id.equals(config)).toList(),
                service.maxIdleTimeMillis());
    }
}
