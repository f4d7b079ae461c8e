package io.zitipekko.api.client;

import io.zitipekko.api.http.ApiRoutes;

/** The edge client API as a whole, and those of its operations that the management API offers in the same shape (protocol/05, section 10.4). */
public final class ClientApi {
    private static final String CLIENT = "/edge/client/v1";
    private static final String MANAGEMENT = "/edge/management/v1";

    private ClientApi() {}

    /** Everything under {@code /edge/client/v1}. */
    public static ApiRoutes routes(ClientContext context) {
        ApiRoutes.Builder routes = ApiRoutes.under(CLIENT);
        shared(routes, context);
        new NetworkRoutes(context).addTo(routes);
        new EnrollmentRoutes(context).addTo(routes);
        new ServiceRoutes(context).addTo(routes);
        new SessionRoutes(context).addTo(routes);
        new PostureRoutes().addTo(routes);
        return routes.build();
    }

    /** What administrators log in with under {@code /edge/management/v1}; to be mounted beside the management API's own routes. */
    public static ApiRoutes managementRoutes(ClientContext context) {
        ApiRoutes.Builder routes = ApiRoutes.under(MANAGEMENT);
        shared(routes, context);
        return routes.build();
    }

    private static void shared(ApiRoutes.Builder routes, ClientContext context) {
        new VersionRoutes(context.api().settings()).addTo(routes);
        new AuthenticationRoutes(context).addTo(routes);
        new SessionCertificateRoutes(context).addTo(routes);
        new CurrentIdentityRoutes(context).addTo(routes);
    }
}
