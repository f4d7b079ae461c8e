package io.zitipekko.actors.session.store;

import io.zitipekko.actors.identity.TimeOrderedIds;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Entity.Meta;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.SessionId;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Sessions;
import io.zitipekko.actors.session.AuthenticatedSession;
import io.zitipekko.actors.session.ServiceSessionResult;
import io.zitipekko.actors.session.ServiceSessions;
import io.zitipekko.actors.session.token.ServiceSessionTokens;
import io.zitipekko.actors.work.BoundedWork;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Service sessions that stand in the model. Two wishes at once for the same one share one proposal; through two controllers at once they may
 * end as two sessions, both good and both taken away together.
 */
public final class StoredServiceSessions implements ServiceSessions {
    private final Model model;
    private final ServiceSessionTokens tokens;
    private final TimeOrderedIds ids;
    private final InstantSource clock;
    private final ConcurrentMap<Wish, CompletableFuture<Session>> underWay = new ConcurrentHashMap<>();

    public StoredServiceSessions(Model model, ServiceSessionTokens tokens, TimeOrderedIds ids, InstantSource clock) {
        this.model = model;
        this.tokens = tokens;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public CompletionStage<ServiceSessionResult> open(
            AuthenticatedSession apiSession, ServiceId service, PolicyType type) {
        ModelView view = model.view();
        Identity identity = apiSession.identity();
        boolean permitted = view.policies().allows(identity.id(), service, type);
        boolean visible = permitted
                || view.policies()
                        .allows(identity.id(), service, type == PolicyType.DIAL ? PolicyType.BIND : PolicyType.DIAL);
        if (!visible || view.get(Services.TYPE, service).isEmpty()) {
            return CompletableFuture.completedFuture(new ServiceSessionResult.ServiceNotVisible(service));
        }
        if (!permitted) {
            return CompletableFuture.completedFuture(new ServiceSessionResult.NotPermitted(service));
        }
        if (!ServiceRights.granted(view, identity.id(), service, type)) {
            return CompletableFuture.completedFuture(new ServiceSessionResult.PostureFailed(
                    service, ServiceRights.checks(view, identity.id(), service, type)));
        }
        Set<RouterId> routers = ServiceRights.sharedRouters(view, identity.id(), service);
        if (routers.isEmpty()) {
            return CompletableFuture.completedFuture(new ServiceSessionResult.NoRouters());
        }
        return stored(new Wish(apiSession.session().id(), identity.id(), service, type), identity.name())
                .thenApply(session -> new ServiceSessionResult.Granted(session, tokens.issue(session), routers));
    }

    private CompletionStage<Session> stored(Wish wish, String name) {
        Optional<Session> known = known(wish);
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(known.get());
        }
        CompletableFuture<Session> mine = new CompletableFuture<>();
        CompletableFuture<Session> other = underWay.putIfAbsent(wish, mine);
        if (other != null) {
            return other;
        }
        // Somebody may have finished between the look-up and taking the place.
        Optional<Session> meanwhile = known(wish);
        if (meanwhile.isPresent()) {
            underWay.remove(wish, mine);
            mine.complete(meanwhile.get());
            return mine;
        }
        Session session = new Session(
                new SessionId(ids.next()),
                Meta.created(clock.instant(), Map.of()),
                wish.apiSession(),
                wish.identity(),
                wish.service(),
                wish.type());
        model.propose(new Proposal(
                        List.of(new Change.Put<>(Sessions.TYPE, session, null)),
                        new Proposal.Author("identity", wish.identity().value(), name)))
                .whenComplete((commit, failure) -> {
                    underWay.remove(wish, mine);
                    if (failure == null) {
                        mine.complete(session);
                    } else {
                        mine.completeExceptionally(BoundedWork.cause(failure));
                    }
                });
        return mine;
    }

    private Optional<Session> known(Wish wish) {
        return model
                .view()
                .findBoth(
                        Sessions.TYPE,
                        Sessions.BY_API_SESSION,
                        wish.apiSession().value(),
                        Sessions.BY_SERVICE,
                        wish.service().value())
                .stream()
                .filter(session -> session.type() == wish.type())
                .findFirst();
    }

    @Override
    public List<Session> of(AuthenticatedSession session) {
        return model.view()
                .findAll(
                        Sessions.TYPE,
                        Sessions.BY_API_SESSION,
                        session.session().id().value());
    }

    @Override
    public Optional<Session> find(AuthenticatedSession session, SessionId id) {
        return model.view().get(Sessions.TYPE, id).filter(found -> found.apiSessionId()
                .equals(session.session().id()));
    }

    @Override
    public CompletionStage<Boolean> delete(SessionId id, Proposal.Author author) {
        return model.propose(new Proposal(List.of(new Change.Delete(Sessions.TYPE, id)), author))
                .handle((commit, failure) -> {
                    if (failure == null) {
                        return true;
                    }
                    Throwable cause = BoundedWork.cause(failure);
                    if (cause instanceof ModelException refusal && refusal.kind() == ModelException.Kind.NOT_FOUND) {
                        return false;
                    }
                    throw new CompletionException(cause);
                });
    }

    private record Wish(ApiSessionId apiSession, IdentityId identity, ServiceId service, PolicyType type) {}
}
