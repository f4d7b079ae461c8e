package io.zitipekko.sdk.auth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A service that this identity may use (protocol/05 section 8.3).
 *
 * @param encryptionRequired whether its traffic is encrypted from end to end
 * @param permissions {@code Dial}, {@code Bind}
 * @param config by name of the config type
 */
public record ServiceDetail(
        String id, String name, boolean encryptionRequired, Set<String> permissions, Map<String, JsonNode> config) {
    public ServiceDetail {
        permissions = Set.copyOf(permissions);
        config = Map.copyOf(config);
    }

    static ServiceDetail of(JsonNode data) {
        Set<String> permissions = new HashSet<>();
        data.path("permissions").forEach(p -> permissions.add(p.asText()));
        Map<String, JsonNode> config = new HashMap<>();
        data.path("config").fields().forEachRemaining(e -> config.put(e.getKey(), e.getValue()));
        // A controller that does not say is taken to require it: never downgrade by omission.
        return new ServiceDetail(
                data.path("id").asText(),
                data.path("name").asText(),
                data.path("encryptionRequired").asBoolean(true),
                permissions,
                config);
    }

    public boolean mayDial() {
        return permissions.contains("Dial");
    }

    public boolean mayBind() {
        return permissions.contains("Bind");
    }
}
