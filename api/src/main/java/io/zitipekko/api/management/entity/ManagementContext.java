package io.zitipekko.api.management.entity;

import io.zitipekko.actors.enrollment.EnrollmentTokens;
import io.zitipekko.actors.enrollment.Enrollments;
import io.zitipekko.actors.fabric.FabricDirectory;
import io.zitipekko.actors.identity.PasswordHashing;
import io.zitipekko.actors.identity.TimeOrderedIds;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.session.ApiSessions;
import io.zitipekko.actors.session.SessionServices;
import io.zitipekko.api.http.ApiContext;
import io.zitipekko.api.http.RequestContext;

/**
 * What resources work with.
 *
 * @param tokens signs what names the network
 * @param ids for new entities
 */
public record ManagementContext(
        ApiContext api,
        FabricDirectory fabric,
        ApiSessions apiSessions,
        Enrollments enrollments,
        EnrollmentTokens tokens,
        PasswordHashing passwords,
        TimeOrderedIds ids) {

    public static ManagementContext of(ApiContext api, SessionServices sessions, FabricDirectory fabric) {
        return new ManagementContext(
                api,
                fabric,
                sessions.apiSessions(),
                sessions.enrollments(),
                sessions.enrollmentTokens(),
                sessions.passwords(),
                new TimeOrderedIds(api.clock()));
    }

    public Model model() {
        return api.model();
    }

    /** One consistent look at everything, for one request. */
    public Reading reading(RequestContext request) {
        return new Reading(model().view(), fabric, request.now(), request.caller());
    }

    /** The ways to change the model. */
    public Writes writes() {
        return new Writes(model());
    }
}
