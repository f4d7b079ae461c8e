package io.zitipekko.api.fabric;

import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiError;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiRoutes;

/** Cluster membership, of which a lone controller has none: every operation says so. */
final class ClusterRoutes {
    void addTo(ApiRoutes.Builder routes) {
        ApiHandler alone = request -> {
            throw ApiError.of("SERVER_NOT_RUNNING_IN_HA_MODE", 400, "This controller is not part of a cluster");
        };
        routes.get("cluster/list-members", Access.ADMIN, alone)
                .post("cluster/add-member", Access.ADMIN, alone)
                .post("cluster/remove-member", Access.ADMIN, alone)
                .post("cluster/transfer-leadership", Access.ADMIN, alone);
    }
}
