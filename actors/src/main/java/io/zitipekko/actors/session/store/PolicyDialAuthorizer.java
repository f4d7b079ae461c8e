package io.zitipekko.actors.session.store;

import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Sessions;
import io.zitipekko.actors.model.view.Leftovers;
import io.zitipekko.actors.session.ApiSessions;
import io.zitipekko.actors.session.AuthenticatedSession;
import io.zitipekko.actors.session.DialAuthorizer;
import io.zitipekko.actors.session.DialDecision;
import io.zitipekko.actors.session.DialDecision.Refusal;
import io.zitipekko.actors.session.token.InvalidTokenException;
import io.zitipekko.actors.session.token.ServiceSessionClaims;
import io.zitipekko.actors.session.token.ServiceSessionTokens;
import java.util.Optional;

/** Decides from tokens, stored sessions and the policies of the newest state, so that a lost right is lost at once. */
public final class PolicyDialAuthorizer implements DialAuthorizer {
    private final Model model;
    private final ApiSessions apiSessions;
    private final ServiceSessionTokens tokens;

    public PolicyDialAuthorizer(Model model, ApiSessions apiSessions, ServiceSessionTokens tokens) {
        this.model = model;
        this.apiSessions = apiSessions;
        this.tokens = tokens;
    }

    @Override
    public DialDecision decide(String apiSessionToken, String serviceSessionToken, PolicyType type, RouterId router) {
        Optional<AuthenticatedSession> apiSession = apiSessions.resolve(apiSessionToken);
        if (apiSession.isEmpty()) {
            return denied(Refusal.INVALID_API_SESSION, "the API session is unknown or over");
        }
        ServiceSessionClaims claims;
        try {
            claims = tokens.verify(serviceSessionToken);
        } catch (InvalidTokenException e) {
            return denied(Refusal.INVALID_SESSION, "the service session token is not valid: " + e.getMessage());
        }
        ModelView view = model.view();
        return decide(
                view,
                apiSession.get(),
                Leftovers.standing(view, Sessions.TYPE, claims.sessionId()).filter(session -> matches(session, claims)),
                type,
                router);
    }

    @Override
    public DialDecision confirm(DialDecision.Allowed allowed, PolicyType type, RouterId router) {
        Optional<AuthenticatedSession> apiSession =
                apiSessions.find(allowed.apiSession().id());
        if (apiSession.isEmpty()) {
            return denied(Refusal.INVALID_API_SESSION, "the API session is over");
        }
        ModelView view = model.view();
        return decide(
                view,
                apiSession.get(),
                Leftovers.standing(view, Sessions.TYPE, allowed.sessionId()).filter(session -> session.serviceId()
                        .equals(allowed.service().id())),
                type,
                router);
    }

    private static DialDecision decide(
            ModelView view, AuthenticatedSession owner, Optional<Session> session, PolicyType type, RouterId router) {
        if (session.isEmpty() || !belongs(session.get(), owner)) {
            return denied(Refusal.INVALID_SESSION, "the service session is over, or is not of this API session");
        }
        if (session.get().type() != type) {
            return denied(
                    Refusal.WRONG_SESSION_TYPE,
                    "a session for "
                            + ServiceSessionTokens.wireName(session.get().type()) + " (expected: "
                            + ServiceSessionTokens.wireName(type) + ")");
        }
        Optional<Service> service = view.get(Services.TYPE, session.get().serviceId());
        if (service.isEmpty()) {
            return denied(Refusal.INVALID_SERVICE, "service '" + session.get().serviceId() + "' does not exist");
        }
        if (!ServiceRights.granted(view, owner.identity().id(), service.get().id(), type)) {
            return denied(Refusal.INVALID_SESSION, "no policy carries the service session any more");
        }
        if (!view.policies().mayUse(owner.identity().id(), service.get().id(), router)) {
            return denied(
                    Refusal.INVALID_EDGE_ROUTER_FOR_SESSION,
                    "router '" + router + "' may not be used by this identity for this service");
        }
        return new DialDecision.Allowed(
                owner.session(), owner.identity(), service.get(), session.get().id());
    }

    private static boolean matches(Session session, ServiceSessionClaims claims) {
        return session.apiSessionId().equals(claims.apiSessionId())
                && session.identityId().equals(claims.identityId())
                && session.serviceId().equals(claims.serviceId())
                && session.type() == claims.type();
    }

    private static boolean belongs(Session session, AuthenticatedSession owner) {
        return session.apiSessionId().equals(owner.session().id())
                && session.identityId().equals(owner.identity().id());
    }

    private static DialDecision denied(Refusal refusal, String text) {
        return new DialDecision.Denied(refusal, text);
    }
}
