package io.zitipekko.sdk.auth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;

/**
 * The right to dial or to bind one service, as a token for edge routers (protocol/05 section 9).
 *
 * @param token a secret, passed on as it is
 * @param edgeRouters where it may be used
 * @param apiSession the log-in that it belongs to
 */
public record ServiceSession(
        String id, Type type, String token, List<EdgeRouterDetail> edgeRouters, ApiSession apiSession) {
    /** What the session is for. */
    public enum Type {
        DIAL("Dial"),
        BIND("Bind");

        private final String wire;

        Type(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }
    }

    public ServiceSession {
        Objects.requireNonNull(token, "token");
        edgeRouters = List.copyOf(edgeRouters);
    }

    static ServiceSession of(Type type, JsonNode data, ApiSession apiSession) {
        String token = data.path("token").asText("");
        if (token.isEmpty()) {
            throw new IllegalArgumentException("the controller's answer has no service session token");
        }
        return new ServiceSession(
                data.path("id").asText(""), type, token, EdgeRouterDetail.listOf(data.path("edgeRouters")), apiSession);
    }

    @Override
    public String toString() {
        return "ServiceSession[" + id + ", " + type + "]";
    }
}
