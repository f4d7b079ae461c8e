package io.zitipekko.api.client.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Config;
import io.zitipekko.actors.model.entity.ConfigType;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.ConfigTypeId;
import io.zitipekko.actors.model.type.ConfigTypes;
import io.zitipekko.actors.model.type.Configs;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A service as one identity sees it (protocol/05 section 8.3). */
public final class ServiceJson {
    private ServiceJson() {}

    /**
     * @param configTypes ids or names of the config types that are wanted, or {@code all}
     */
    public static ObjectNode of(Service service, Identity identity, Set<String> configTypes, ModelView view) {
        ObjectNode out = Shapes.base(service, "services", List.of());
        out.put("name", service.name());
        out.put("encryptionRequired", service.encryptionRequired());
        out.put("terminatorStrategy", service.terminatorStrategy());
        out.put("maxIdleTimeMillis", service.maxIdleTimeMillis());
        ArrayNode attributes = out.putArray("roleAttributes");
        service.roleAttributes().forEach(attributes::add);
        ArrayNode permissions = out.putArray("permissions");
        ArrayNode queries = Json.array();
        for (PolicyType type : List.of(PolicyType.BIND, PolicyType.DIAL)) {
            if (view.policies().allows(identity.id(), service.id(), type)) {
                String name = type == PolicyType.BIND ? "Bind" : "Dial";
                permissions.add(name);
                PostureQueries.add(queries, identity.id(), service.id(), type, view);
            }
        }
        out.set("postureQueries", queries);
        ArrayNode configs = out.putArray("configs");
        service.configs().forEach(id -> configs.add(id.value()));
        out.set("config", config(service, identity, configTypes, view));
        return out;
    }

    /** Data by type name: the service's own configs, with the identity's overrides in their place. */
    private static ObjectNode config(Service service, Identity identity, Set<String> wanted, ModelView view) {
        Map<ConfigTypeId, Config> byType = new LinkedHashMap<>();
        for (Config config : configs(service, identity, view)) {
            byType.put(config.configTypeId(), config);
        }
        ObjectNode out = Json.object();
        byType.forEach((typeId, config) -> view.get(ConfigTypes.TYPE, typeId)
                .filter(type -> isWanted(type, wanted))
                .ifPresent(type -> out.set(type.name(), config.data())));
        return out;
    }

    private static List<Config> configs(Service service, Identity identity, ModelView view) {
        List<Config> all = new ArrayList<>();
        service.configs().forEach(id -> view.get(Configs.TYPE, id).ifPresent(all::add));
        identity.serviceConfigs()
                .getOrDefault(service.id().value(), Map.of())
                .values()
                .forEach(id -> view.get(Configs.TYPE, new ConfigId(id)).ifPresent(all::add));
        return all;
    }

    private static boolean isWanted(ConfigType type, Set<String> wanted) {
        return wanted.contains("all") || wanted.contains(type.id().value()) || wanted.contains(type.name());
    }
}
