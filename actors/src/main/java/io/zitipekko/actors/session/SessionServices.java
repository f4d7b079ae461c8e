package io.zitipekko.actors.session;

import io.zitipekko.actors.enrollment.AuthenticatorRenewals;
import io.zitipekko.actors.enrollment.EnrollmentTokens;
import io.zitipekko.actors.enrollment.Enrollments;
import io.zitipekko.actors.enrollment.RouterRenewals;
import io.zitipekko.actors.enrollment.StoredEnrollments;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.identity.CertificateLogin;
import io.zitipekko.actors.identity.IdentityActor;
import io.zitipekko.actors.identity.PasswordHashing;
import io.zitipekko.actors.identity.PasswordLogin;
import io.zitipekko.actors.identity.TimeOrderedIds;
import io.zitipekko.actors.leftover.LeftoverKeeper;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.session.store.ActivityTable;
import io.zitipekko.actors.session.store.ApiSessionActor;
import io.zitipekko.actors.session.store.PolicyDialAuthorizer;
import io.zitipekko.actors.session.store.RightsKeeper;
import io.zitipekko.actors.session.store.ServiceChanges;
import io.zitipekko.actors.session.store.StoredApiSessions;
import io.zitipekko.actors.session.store.StoredServiceSessions;
import io.zitipekko.actors.session.store.StoredSessionCertificates;
import io.zitipekko.actors.session.token.ServiceSessionTokens;
import io.zitipekko.actors.session.token.SignedTokens;
import io.zitipekko.actors.work.BoundedWork;
import java.time.Clock;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;

/**
 * Everything about log-in, sessions and enrolment of one controller, put together. Needs a system that is a cluster member, with
 * {@code ziti-sessions.conf} in its configuration. Its actors end with the system.
 *
 * @param apiSessions log-in, and the check of tokens
 * @param serviceSessions rights to dial and bind
 * @param certificates of API sessions
 * @param serviceSessionTokens verifies and signs tokens of service sessions
 * @param dialAuthorizer decides for routers
 * @param serviceChanges when an identity has to look again
 * @param enrollments how identities and routers come by their credentials
 * @param enrollmentTokens signs what is handed to somebody who is to enrol
 * @param authenticatorRenewals renews the certificates of identities, and their passwords
 * @param routerRenewals renews the certificates of routers
 * @param passwords makes and checks password hashes
 */
public record SessionServices(
        ApiSessions apiSessions,
        ServiceSessions serviceSessions,
        SessionCertificates certificates,
        ServiceSessionTokens serviceSessionTokens,
        DialAuthorizer dialAuthorizer,
        ServiceChanges serviceChanges,
        Enrollments enrollments,
        EnrollmentTokens enrollmentTokens,
        AuthenticatorRenewals authenticatorRenewals,
        RouterRenewals routerRenewals,
        PasswordHashing passwords) {
    private static final int WAITING_FOR_HASHES = 64;
    private static final int WAITING_FOR_SIGNATURES = 256;

    /**
     * Starts the actors and puts the parts together.
     *
     * @param system a cluster member
     * @param model of this controller
     * @param events told of refused log-ins
     */
    public static SessionServices start(
            ActorSystem<?> system, Model model, SessionSettings settings, EventBus events, Clock clock) {
        BoundedWork hashing = new BoundedWork(
                system.dispatchers().lookup(DispatcherSelector.fromConfig("ziti.password-hashing")),
                WAITING_FOR_HASHES,
                "password hashing");
        BoundedWork signing = new BoundedWork(
                system.dispatchers().lookup(DispatcherSelector.fromConfig("ziti.certificate-signing")),
                WAITING_FOR_SIGNATURES,
                "certificate signing");
        ClusterSharding sharding = ClusterSharding.get(system);
        ActivityTable activity = new ActivityTable(clock);
        model.subscribe(commit -> commit.changeSet().changes().stream()
                .filter(change -> change instanceof Change.Delete
                        && change.type().equals(io.zitipekko.actors.model.type.ApiSessions.TYPE))
                .forEach(change -> activity.forget(new ApiSessionId(change.id().value()))));
        startActors(system, sharding, model, settings, activity, clock);

        TimeOrderedIds ids = new TimeOrderedIds(clock);
        PasswordHashing passwords = new PasswordHashing(hashing);
        SignedTokens signed = new SignedTokens(settings.signingKey(), settings.trustedKeys(), clock);
        ServiceSessionTokens serviceTokens = new ServiceSessionTokens(signed, settings.edgeApiAddress(), clock);
        EnrollmentTokens enrollmentTokens = new EnrollmentTokens(
                signed, settings.edgeApiAddress(), settings.enrollment().controlAddresses());
        ApiSessions apiSessions = new StoredApiSessions(
                model,
                settings.timeout(),
                new CertificateLogin(settings.authority()),
                new PasswordLogin(model, passwords, sharding, clock),
                activity,
                sharding,
                events,
                ids,
                clock);
        RouterRenewals routerRenewals = new RouterRenewals(model, settings.authority(), signing, clock);
        return new SessionServices(
                apiSessions,
                new StoredServiceSessions(model, serviceTokens, ids, clock),
                new StoredSessionCertificates(model, settings.authority(), signing, ids, clock),
                serviceTokens,
                new PolicyDialAuthorizer(model, apiSessions, serviceTokens),
                new ServiceChanges(model, clock),
                new StoredEnrollments(
                        model,
                        settings.authority(),
                        settings.enrollment(),
                        enrollmentTokens,
                        passwords,
                        signing,
                        clock),
                enrollmentTokens,
                new AuthenticatorRenewals(model, settings.authority(), passwords, signing, clock),
                routerRenewals,
                passwords);
    }

    private static void startActors(
            ActorSystem<?> system,
            ClusterSharding sharding,
            Model model,
            SessionSettings settings,
            ActivityTable activity,
            Clock clock) {
        sharding.init(Entity.of(
                        IdentityActor.KEY,
                        entity -> IdentityActor.create(
                                new IdentityId(entity.getEntityId()), model, clock, entity.getShard()))
                .withStopMessage(IdentityActor.stopMessage()));
        sharding.init(Entity.of(
                        ApiSessionActor.KEY,
                        entity -> ApiSessionActor.create(
                                new ApiSessionId(entity.getEntityId()),
                                model,
                                settings.timeout(),
                                activity,
                                clock,
                                entity.getShard()))
                .withStopMessage(ApiSessionActor.stopMessage()));
        ClusterSingleton.get(system)
                .init(SingletonActor.of(RightsKeeper.create(model, sharding, clock), "session-rights")
                        .withStopMessage(RightsKeeper.Stop.STOP));
        ClusterSingleton.get(system)
                .init(SingletonActor.of(LeftoverKeeper.create(model), "leftovers")
                        .withStopMessage(LeftoverKeeper.Stop.STOP));
    }
}
