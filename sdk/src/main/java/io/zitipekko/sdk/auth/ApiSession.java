package io.zitipekko.sdk.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.transport.identity.Identity;
import java.time.Duration;
import java.util.Objects;

/**
 * A log-in that is in force (protocol/05 section 5.1).
 *
 * @param id the session's id, not a secret
 * @param token the secret that names it to controllers and routers
 * @param identityId whose session it is
 * @param identityName for people, and the caller id of dials
 * @param lifetime how long it lives without being used
 * @param routerIdentity certificate and key for connections to edge routers
 */
public record ApiSession(
        String id, String token, String identityId, String identityName, Duration lifetime, Identity routerIdentity) {
    private static final long DEFAULT_SECONDS = 1800;

    public ApiSession {
        Objects.requireNonNull(token, "token");
    }

    static ApiSession of(JsonNode data, Identity routerIdentity) {
        String token = data.path("token").asText("");
        if (token.isEmpty()) {
            throw new IllegalArgumentException("the controller's answer has no session token");
        }
        return new ApiSession(
                data.path("id").asText(""),
                token,
                data.path("identityId").asText(data.path("identity").path("id").asText("")),
                data.path("identity").path("name").asText(""),
                Duration.ofSeconds(Math.max(1, data.path("expirationSeconds").asLong(DEFAULT_SECONDS))),
                routerIdentity);
    }

    ApiSession with(Identity newRouterIdentity) {
        return new ApiSession(id, token, identityId, identityName, lifetime, newRouterIdentity);
    }

    @Override
    public String toString() {
        return "ApiSession[" + id + " of " + identityName + "]";
    }
}
