package io.zitipekko.actors.session.store;

import static io.zitipekko.actors.model.type.ApiSessions.BY_TOKEN;
import static io.zitipekko.actors.model.type.ApiSessions.TYPE;

import io.zitipekko.actors.event.AuthenticationEvent;
import io.zitipekko.actors.event.AuthenticationEvent.Method;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.identity.CertificateLogin;
import io.zitipekko.actors.identity.LoginCheck;
import io.zitipekko.actors.identity.PasswordHashing;
import io.zitipekko.actors.identity.PasswordLogin;
import io.zitipekko.actors.identity.TimeOrderedIds;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.ApiSessionCertificate;
import io.zitipekko.actors.model.entity.ConfigType;
import io.zitipekko.actors.model.entity.Entity.Meta;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.ApiSessionCertificateId;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.ApiSessionCertificates;
import io.zitipekko.actors.model.type.ConfigTypes;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.policy.ApiSessionRights;
import io.zitipekko.actors.session.ApiSessions;
import io.zitipekko.actors.session.AuthenticatedSession;
import io.zitipekko.actors.session.AuthenticationResult;
import io.zitipekko.actors.session.LoginRequest;
import io.zitipekko.actors.work.BoundedWork;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.PresentedCertificates;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sessions that stand in the model; their activity is in a table and with their actors. */
public final class StoredApiSessions implements ApiSessions {
    private static final Logger LOG = LoggerFactory.getLogger(StoredApiSessions.class);
    private static final String ALL_CONFIG_TYPES = "all";
    private static final int LONGEST_TOKEN = 256;
    private static final int LONGEST_USERNAME = 100;
    private static final Duration TELL_AT_LEAST_EVERY = Duration.ofSeconds(10);

    private final Model model;
    private final Duration timeout;
    private final CertificateLogin certificates;
    private final PasswordLogin passwords;
    private final ActivityTable activity;
    private final ClusterSharding sharding;
    private final EventBus events;
    private final TimeOrderedIds ids;
    private final InstantSource clock;
    private final long tellEveryMillis;

    public StoredApiSessions(
            Model model,
            Duration timeout,
            CertificateLogin certificates,
            PasswordLogin passwords,
            ActivityTable activity,
            ClusterSharding sharding,
            EventBus events,
            TimeOrderedIds ids,
            InstantSource clock) {
        this.model = model;
        this.timeout = timeout;
        this.certificates = certificates;
        this.passwords = passwords;
        this.activity = activity;
        this.sharding = sharding;
        this.events = events;
        this.ids = ids;
        this.clock = clock;
        this.tellEveryMillis = Math.min(TELL_AT_LEAST_EVERY.toMillis(), timeout.toMillis() / 10);
    }

    @Override
    public CompletionStage<AuthenticationResult> authenticateByCertificate(
            PresentedCertificates presented, LoginRequest request) {
        return admit(certificates.check(presented, model.view(), clock.instant()), Method.CERTIFICATE, request);
    }

    @Override
    public CompletionStage<AuthenticationResult> authenticateByPassword(
            String username, String password, LoginRequest request) {
        if (username.length() > LONGEST_USERNAME || password.length() > PasswordHashing.LONGEST) {
            LoginCheck tooLong = new LoginCheck.Failed("user name or password is longer than any can be");
            return admit(tooLong, Method.PASSWORD, request);
        }
        return passwords
                .check(username, password)
                .thenCompose(check -> admit(check, Method.PASSWORD, request))
                .exceptionally(failure -> {
                    if (BoundedWork.cause(failure) instanceof BoundedWork.Overloaded) {
                        return new AuthenticationResult.Busy();
                    }
                    throw new CompletionException(BoundedWork.cause(failure));
                });
    }

    private CompletionStage<AuthenticationResult> admit(LoginCheck check, Method method, LoginRequest request) {
        if (check instanceof LoginCheck.Passed passed) {
            return open(passed, request, true).thenApply(result -> {
                if (result instanceof AuthenticationResult.Authenticated) {
                    tell(passed.identity().id(), passed.authenticatorId(), method, request, "", passed.improperChain());
                }
                return result;
            });
        }
        LoginCheck.Failed failed =
                check instanceof LoginCheck.Failed known ? known : new LoginCheck.Failed("unknown outcome");
        LOG.debug("log-in from {} refused: {}", request.remoteAddress(), failed.reason());
        tell(failed.identityId(), failed.authenticatorId(), method, request, failed.reason(), false);
        return CompletableFuture.completedFuture(new AuthenticationResult.Refused(failed.reason()));
    }

    /** @param reason why not; empty when it succeeded */
    private void tell(
            @Nullable IdentityId identityId,
            @Nullable AuthenticatorId authenticatorId,
            Method method,
            LoginRequest request,
            String reason,
            boolean improperChain) {
        events.publish(new AuthenticationEvent(
                clock.instant(),
                reason.isEmpty(),
                method,
                identityId,
                authenticatorId,
                identityId == null
                        ? null
                        : model.view()
                                .get(Identities.TYPE, identityId)
                                .map(Identity::authPolicyId)
                                .orElse(null),
                request.remoteAddress(),
                reason,
                improperChain));
    }

    /** @param withInfo also keep what the SDK says of itself, if that is new; given up when the identity is changed at the same time */
    private CompletionStage<AuthenticationResult> open(
            LoginCheck.Passed passed, LoginRequest request, boolean withInfo) {
        Identity identity = passed.identity();
        Meta meta = Meta.created(clock.instant(), Map.of());
        ApiSessionId id = new ApiSessionId(ids.next());
        ApiSession session = new ApiSession(
                id,
                meta,
                UUID.randomUUID().toString(),
                identity.id(),
                passed.authenticatorId(),
                configTypes(request.configTypes()),
                request.remoteAddress(),
                passed.leaf().map(Fingerprint::of).map(List::of).orElseGet(List::of),
                passed.improperChain(),
                passed.thirdParty().orElse(null),
                passed.claimed().orElse(null));
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.Put<>(TYPE, session, null));
        passed.leaf()
                .ifPresent(leaf -> changes.add(
                        new Change.Put<>(ApiSessionCertificates.TYPE, certificateOf(id, leaf, meta), null)));
        Identity informed = withInfo ? identity.withInfo(request.envInfo(), request.sdkInfo()) : identity;
        boolean newInfo = !informed.equals(identity)
                && !(request.envInfo().isEmpty() && request.sdkInfo().isEmpty());
        if (newInfo) {
            changes.add(new Change.Put<>(Identities.TYPE, informed, identity));
        }
        Proposal.Author author = new Proposal.Author("identity", identity.id().value(), identity.name());
        return model.propose(new Proposal(changes, author))
                .handle((commit, failure) -> {
                    if (failure == null) {
                        activity.touch(id, 0);
                        return CompletableFuture.<AuthenticationResult>completedFuture(
                                new AuthenticationResult.Authenticated(described(session, informed)));
                    }
                    Throwable cause = BoundedWork.cause(failure);
                    if (newInfo
                            && cause instanceof ModelException refusal
                            && refusal.kind() == ModelException.Kind.CONFLICT) {
                        return open(passed, request, false).toCompletableFuture();
                    }
                    if (cause instanceof ModelException refusal
                            && refusal.kind() == ModelException.Kind.REFERENCE_NOT_FOUND) {
                        // What admitted the log-in was taken away while it was being entered.
                        LOG.debug("log-in from {} refused: {}", request.remoteAddress(), refusal.getMessage());
                        return CompletableFuture.<AuthenticationResult>completedFuture(
                                new AuthenticationResult.Refused(String.valueOf(refusal.getMessage())));
                    }
                    return CompletableFuture.<AuthenticationResult>failedFuture(cause);
                })
                .thenCompose(stage -> stage);
    }

    private ApiSessionCertificate certificateOf(ApiSessionId session, X509Certificate leaf, Meta meta) {
        return new ApiSessionCertificate(
                new ApiSessionCertificateId(ids.next()),
                meta,
                session,
                leaf.getSubjectX500Principal().getName(),
                Fingerprint.of(leaf),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant(),
                Pem.write(leaf));
    }

    /** Ids for names, unknown ones dropped; {@code all} stays. */
    private List<String> configTypes(List<String> wanted) {
        if (wanted.contains(ALL_CONFIG_TYPES)) {
            return List.of(ALL_CONFIG_TYPES);
        }
        ModelView view = model.view();
        Set<String> known = new LinkedHashSet<>();
        Collection<ConfigType> types = view.all(ConfigTypes.TYPE);
        for (String name : wanted) {
            types.stream()
                    .filter(type ->
                            type.id().value().equals(name) || type.name().equals(name))
                    .forEach(type -> known.add(type.id().value()));
        }
        return List.copyOf(known);
    }

    @Override
    public Optional<AuthenticatedSession> resolve(String token) {
        if (token.isEmpty() || token.length() > LONGEST_TOKEN) {
            return Optional.empty();
        }
        ModelView view = model.view();
        return view.find(TYPE, BY_TOKEN, token).flatMap(session -> live(view, session));
    }

    @Override
    public Optional<AuthenticatedSession> find(ApiSessionId id) {
        ModelView view = model.view();
        return view.get(TYPE, id).flatMap(session -> live(view, session));
    }

    private Optional<AuthenticatedSession> live(ModelView view, ApiSession session) {
        boolean certificateOver = CertificateEnd.of(view, session)
                .filter(end -> !end.isAfter(clock.instant()))
                .isPresent();
        if (certificateOver || activity.expired(session.id()) || !ApiSessionRights.stands(view, session)) {
            return Optional.empty();
        }
        return view.get(Identities.TYPE, session.identityId())
                .filter(identity -> !identity.disabled(clock.instant()))
                .map(identity -> described(session, identity));
    }

    private AuthenticatedSession described(ApiSession session, Identity identity) {
        Instant lastUsed = activity.lastUsed(session.id(), session.meta().createdAt());
        return new AuthenticatedSession(session, identity, lastUsed, timeout);
    }

    @Override
    public void touch(ApiSessionId id) {
        if (activity.touch(id, tellEveryMillis)) {
            sharding.entityRefFor(ApiSessionActor.KEY, id.value()).tell(new ApiSessionActor.Used(clock.millis()));
        }
    }

    @Override
    public Set<String> heartbeat(Collection<String> tokens) {
        Set<String> unknown = new HashSet<>();
        for (String token : tokens) {
            resolve(token).ifPresentOrElse(known -> touch(known.session().id()), () -> unknown.add(token));
        }
        return unknown;
    }

    @Override
    public CompletionStage<Void> delete(ApiSessionId id, Proposal.Author author) {
        if (model.view().get(TYPE, id).isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return model.propose(new Proposal(List.of(new Change.Delete(TYPE, id)), author))
                .handle((commit, failure) -> {
                    Throwable cause = failure == null ? null : BoundedWork.cause(failure);
                    if (cause == null
                            || cause instanceof ModelException refusal
                                    && refusal.kind() == ModelException.Kind.NOT_FOUND) {
                        return null;
                    }
                    throw new CompletionException(cause);
                });
    }
}
