package io.zitipekko.api.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.ApiSettings;
import io.zitipekko.api.http.Json;
import java.util.List;

/** The first call of every SDK: which APIs there are, and what the controller can do (protocol/05 section 3). */
final class VersionRoutes {
    /** All that a controller can ever say of itself; the Java SDK refuses names that are not in this list. */
    private static final List<String> KNOWN_CAPABILITIES = List.of("OIDC_AUTH", "HA_CONTROLLER");

    private final ApiSettings settings;

    VersionRoutes(ApiSettings settings) {
        this.settings = settings;
    }

    void addTo(ApiRoutes.Builder routes) {
        ApiResponse version = ApiResponse.ok(version());
        ApiResponse capabilities = ApiResponse.ok(Json.tree(KNOWN_CAPABILITIES));
        routes.get("version", Access.ANONYMOUS, ApiHandler.direct(request -> version));
        routes.get("enumerated-capabilities", Access.ANONYMOUS, ApiHandler.direct(request -> capabilities));
    }

    private ObjectNode version() {
        ObjectNode out = Json.object();
        ObjectNode versions = out.putObject("apiVersions");
        api(versions, "edge", "/edge/client/v1");
        api(versions, "edge-client", "/edge/client/v1");
        api(versions, "edge-management", "/edge/management/v1");
        api(versions, "fabric", "/fabric/v1");
        out.put("version", settings.version());
        out.put("revision", settings.revision());
        out.put("buildDate", settings.buildDate());
        out.put("runtimeVersion", "java" + Runtime.version().feature());
        ArrayNode capabilities = out.putArray("capabilities");
        settings.capabilities().stream().filter(KNOWN_CAPABILITIES::contains).forEach(capabilities::add);
        return out;
    }

    private void api(ObjectNode versions, String name, String path) {
        ObjectNode v1 = versions.putObject(name).putObject("v1");
        v1.put("path", path);
        ArrayNode urls = v1.putArray("apiBaseUrls");
        settings.advertisedAddresses().forEach(address -> urls.add("https://" + address + path));
    }
}
