package io.zitipekko.api.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.api.entity.Lists;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Json;
import io.zitipekko.transport.pki.CertsOnlyPkcs7;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** What the network says of itself: authorities, controllers, tokens that name it (protocol/05 sections 7.2, 8.7 and 9.6). */
final class NetworkRoutes {
    private static final List<String> ROUTER_CAPABILITIES =
            List.of("MULTI_CHANNEL", "CONNECT_V2", "SERVICE_SUBSCRIPTIONS", "POSTURE_CHECKS", "BIND_SUCCESS");

    private final ClientContext context;
    private final byte[] authorities;

    NetworkRoutes(ClientContext context) {
        this.context = context;
        this.authorities =
                CertsOnlyPkcs7.encodeBase64(context.authority().bundle()).getBytes(StandardCharsets.US_ASCII);
    }

    void addTo(ApiRoutes.Builder routes) {
        routes.get(".well-known/est/cacerts", Access.ANONYMOUS, ApiHandler.direct(request -> authorities()));
        routes.get("protocols", Access.ANONYMOUS, ApiHandler.direct(request -> protocols()));
        routes.get("network-jwts", Access.ANONYMOUS, ApiHandler.direct(request -> networkTokens()));
        // External signers, several controllers and the specification document: none of them is offered yet, which is a
        // valid answer.
        routes.get("external-jwt-signers", Access.ANONYMOUS, ApiHandler.direct(r -> Lists.whole(Json.array())));
        routes.get("specs", Access.ANONYMOUS, ApiHandler.direct(r -> Lists.whole(Json.array())));
        routes.get("specs/{id}", Access.ANONYMOUS, ApiHandler.direct(r -> {
            throw ApiErrors.notFound();
        }));
        routes.get("controllers", Access.AUTHENTICATED, ApiHandler.direct(r -> Lists.whole(Json.array())));
        routes.get(
                "enumerated-router-capabilities",
                Access.AUTHENTICATED,
                ApiHandler.direct(request -> ApiResponse.ok(Json.tree(ROUTER_CAPABILITIES))));
    }

    private ApiResponse authorities() {
        return ApiResponse.bytes(200, "application/pkcs7-mime", authorities)
                .withHeader("content-transfer-encoding", "base64");
    }

    private ApiResponse protocols() {
        ObjectNode out = Json.object();
        out.putObject("https").put("address", context.api().settings().edgeApiAddress());
        return ApiResponse.ok(out);
    }

    private ApiResponse networkTokens() {
        ArrayNode out = Json.array();
        out.addObject()
                .put("name", "default")
                .put(
                        "token",
                        context.sessions()
                                .enrollmentTokens()
                                .network(UUID.randomUUID().toString()));
        return Lists.whole(out);
    }
}
