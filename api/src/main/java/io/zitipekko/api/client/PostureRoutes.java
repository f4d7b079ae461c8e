package io.zitipekko.api.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.Envelope;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.http.RequestContext;

/**
 * Takes what clients report of their posture. This controller does not evaluate it: a service that only policies with posture checks grant
 * stays closed to legacy sessions, and a report changes nothing. It must be JSON, and is accepted whatever it holds, with 201 for one and 200 for many, as generated clients demand (protocol/05 section 9.4).
 */
final class PostureRoutes {
    void addTo(ApiRoutes.Builder routes) {
        routes.post("posture-response", Access.AUTHENTICATED, ApiHandler.direct(request -> accepted(request, 201)));
        routes.post(
                "posture-response-bulk", Access.AUTHENTICATED, ApiHandler.direct(request -> accepted(request, 200)));
    }

    private static ApiResponse accepted(RequestContext request, int status) {
        request.json();
        ObjectNode data = Json.object();
        data.putArray("services");
        return ApiResponse.json(status, Envelope.of(data));
    }
}
