package io.zitipekko.sdk.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.transport.address.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An edge router that may be used (protocol/05 section 8.2). Its name is what it is known by everywhere.
 *
 * @param online whether it was connected to a controller when asked
 * @param address where it takes TLS connections; empty when it has no such listener
 */
public record EdgeRouterDetail(String name, boolean online, Optional<TransportAddress> address) {
    static EdgeRouterDetail of(JsonNode data) {
        String url = data.path("supportedProtocols")
                .path("tls")
                .asText(data.path("urls").path("tls").asText(""));
        return new EdgeRouterDetail(
                data.path("name").asText(),
                data.path("isOnline").asBoolean(true),
                url.isEmpty() ? Optional.empty() : Optional.of(TransportAddress.parse(url)));
    }

    static List<EdgeRouterDetail> listOf(JsonNode array) {
        List<EdgeRouterDetail> out = new ArrayList<>();
        array.forEach(item -> out.add(of(item)));
        return out;
    }
}
