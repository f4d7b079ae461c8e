package io.zitipekko.actors.session;

import static io.zitipekko.actors.session.SessionWorld.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.type.EdgeRouterPolicies;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Sessions;
import io.zitipekko.actors.session.DialDecision.Refusal;
import io.zitipekko.actors.session.token.InvalidTokenException;
import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.Csr;
import io.zitipekko.transport.pki.KeyPairs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceSessionsTest {
    private SessionWorld world;
    private int networks;
    private String tag;
    private ServiceId service;
    private RouterId router;
    private AuthenticatedSession client;
    private AuthenticatedSession host;

    @BeforeAll
    void start() {
        world = new SessionWorld(Duration.ofMinutes(30));
    }

    @BeforeEach
    void network() {
        tag = "net-" + networks++ + "-";
        service = new ServiceId(tag + "service");
        router = new RouterId(tag + "router");
        world.aServiceNetwork(tag);
        client = world.login(world.certificateFor(tag + "client"));
        host = world.login(world.certificateFor(tag + "host"));
    }

    @AfterAll
    void stop() {
        world.close();
    }

    private ServiceSessionResult open(AuthenticatedSession session, String name, PolicyType type) {
        return get(world.sessions.serviceSessions().open(session, new ServiceId(name), type));
    }

    private ServiceSessionResult.Granted dialSession() {
        return (ServiceSessionResult.Granted) open(client, service.value(), PolicyType.DIAL);
    }

    private DialDecision decide(AuthenticatedSession session, String token, PolicyType type) {
        return world.sessions.dialAuthorizer().decide(session.session().token(), token, type, router);
    }

    private DialDecision confirm(DialDecision.Allowed allowed) {
        return world.sessions.dialAuthorizer().confirm(allowed, PolicyType.DIAL, router);
    }

    private static Refusal refusal(DialDecision decision) {
        return ((DialDecision.Denied) decision).refusal();
    }

    @Test
    void theTokenSaysWhatTheBookSays() throws Exception {
        ServiceSessionResult.Granted granted = dialSession();

        JWTClaimsSet claims = SignedJWT.parse(granted.token()).getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo("https://ctrl.test:1280");
        assertThat(claims.getSubject()).isEqualTo(service.value());
        assertThat(claims.getAudience()).containsExactly("openziti");
        assertThat(claims.getJWTID()).isEqualTo(granted.session().id().value());
        assertThat(claims.getStringClaim("z_asid"))
                .isEqualTo(client.session().id().value());
        assertThat(claims.getStringClaim("z_iid")).isEqualTo(tag + "client");
        assertThat(claims.getStringClaim("z_t")).isEqualTo("s");
        assertThat(claims.getStringClaim("z_st")).isEqualTo("Dial");
        assertThat(claims.getBooleanClaim("z_leg")).isTrue();
        assertThat(claims.getExpirationTime().toInstant()).isAfter(Instant.now().plus(Duration.ofDays(364)));
        assertThat(granted.routers()).containsExactly(router);
    }

    @Test
    void twoWishesForTheSameAreOneSession() {
        List<CompletableFuture<ServiceSessionResult>> wishes = IntStream.range(0, 50)
                .parallel()
                .mapToObj(i -> world.sessions
                        .serviceSessions()
                        .open(client, service, PolicyType.DIAL)
                        .toCompletableFuture())
                .toList();

        assertThat(wishes)
                .extracting(wish ->
                        ((ServiceSessionResult.Granted) wish.join()).session().id())
                .containsOnly(dialSession().session().id());
        assertThat(world.sessions.serviceSessions().of(client)).hasSize(1);
    }

    @Test
    void eachLackHasItsOwnAnswer() {
        assertThat(open(client, "no-such-service", PolicyType.DIAL))
                .isInstanceOf(ServiceSessionResult.ServiceNotVisible.class);
        assertThat(open(client, service.value(), PolicyType.BIND))
                .isInstanceOf(ServiceSessionResult.NotPermitted.class);
        world.delete(EdgeRouterPolicies.TYPE, tag + "routers");
        assertThat(open(client, service.value(), PolicyType.DIAL)).isInstanceOf(ServiceSessionResult.NoRouters.class);
    }

    @Test
    void aGoodPairOfTokensIsAllowedAndSaysWhoItIs() {
        DialDecision decision = decide(client, dialSession().token(), PolicyType.DIAL);

        assertThat(decision).isInstanceOfSatisfying(DialDecision.Allowed.class, allowed -> {
            assertThat(allowed.identity().id().value()).isEqualTo(tag + "client");
            assertThat(allowed.service().id()).isEqualTo(service);
        });
    }

    @Test
    void tokensThatDoNotBelongTogetherAreRefusedWithOpenZitisCodes() {
        String dial = dialSession().token();
        String bind = ((ServiceSessionResult.Granted) open(host, service.value(), PolicyType.BIND)).token();
        String[] parts = dial.split("\\.");

        assertThat(refusal(world.sessions.dialAuthorizer().decide("nobody", dial, PolicyType.DIAL, router)))
                .isEqualTo(Refusal.INVALID_API_SESSION);
        assertThat(refusal(decide(host, dial, PolicyType.DIAL))).isEqualTo(Refusal.INVALID_SESSION);
        assertThat(refusal(decide(host, bind, PolicyType.DIAL))).isEqualTo(Refusal.WRONG_SESSION_TYPE);
        assertThat(refusal(decide(client, "nonsense", PolicyType.DIAL))).isEqualTo(Refusal.INVALID_SESSION);
        assertThat(refusal(decide(client, client.session().token(), PolicyType.DIAL)))
                .isEqualTo(Refusal.INVALID_SESSION);
        assertThat(refusal(decide(client, parts[0] + "." + bind.split("\\.")[1] + "." + parts[2], PolicyType.DIAL)))
                .isEqualTo(Refusal.INVALID_SESSION);
        assertThat(refusal(world.sessions
                        .dialAuthorizer()
                        .decide(client.session().token(), dial, PolicyType.DIAL, new RouterId("elsewhere"))))
                .isEqualTo(Refusal.INVALID_EDGE_ROUTER_FOR_SESSION);
        assertThat(Refusal.INVALID_EDGE_ROUTER_FOR_SESSION.code()).isEqualTo(5);
        assertThat(Refusal.INVALID_SESSION.retryHint()).isEqualTo(2);
    }

    @Test
    void aLostPolicyRefusesAtOnceAndEndsTheSession() {
        ServiceSessionResult.Granted granted = dialSession();
        DialDecision.Allowed allowed = (DialDecision.Allowed) decide(client, granted.token(), PolicyType.DIAL);

        world.delete(ServicePolicies.TYPE, tag + "dial");

        assertThat(refusal(decide(client, granted.token(), PolicyType.DIAL))).isEqualTo(Refusal.INVALID_SESSION);
        assertThat(refusal(confirm(allowed))).isEqualTo(Refusal.INVALID_SESSION);
        awaitGone(granted.session());
    }

    @Test
    void whatWasAllowedIsConfirmedUntilEitherSessionEnds() {
        DialDecision.Allowed byClient =
                (DialDecision.Allowed) decide(client, dialSession().token(), PolicyType.DIAL);
        assertThat(confirm(byClient)).isInstanceOf(DialDecision.Allowed.class);

        get(world.sessions.serviceSessions().delete(byClient.sessionId(), Proposal.Author.CONTROLLER));
        assertThat(refusal(confirm(byClient))).isEqualTo(Refusal.INVALID_SESSION);

        DialDecision.Allowed again =
                (DialDecision.Allowed) decide(client, dialSession().token(), PolicyType.DIAL);
        get(world.sessions.apiSessions().delete(client.session().id(), Proposal.Author.CONTROLLER));
        assertThat(refusal(confirm(again))).isEqualTo(Refusal.INVALID_API_SESSION);
    }

    @Test
    void aServiceSessionIsFoundAmongManyOfTheSameLogIn() {
        ServiceSessionResult.Granted first = dialSession();
        ServiceSessionResult.Granted bind = (ServiceSessionResult.Granted) open(host, service.value(), PolicyType.BIND);

        assertThat(dialSession().session()).isEqualTo(first.session());
        assertThat(((ServiceSessionResult.Granted) open(host, service.value(), PolicyType.BIND)).session())
                .isEqualTo(bind.session());
        assertThat(world.model
                        .view()
                        .findBoth(
                                Sessions.TYPE,
                                Sessions.BY_SERVICE,
                                service.value(),
                                Sessions.BY_API_SESSION,
                                client.session().id().value()))
                .containsExactly(first.session());
    }

    @Test
    void aLostRouterEndsTheSession() {
        ServiceSessionResult.Granted granted = dialSession();

        world.delete(EdgeRouterPolicies.TYPE, tag + "routers");

        awaitGone(granted.session());
    }

    @Test
    void aLostRoleEndsTheSessionAndTheOldTokenDoesNotComeBackWithTheRole() {
        ServiceSessionResult.Granted granted = dialSession();
        var before = world.model.view().get(Services.TYPE, service).orElseThrow();
        var without = Samples.service(service.value());

        world.replace(Services.TYPE, before, without);
        awaitGone(granted.session());
        world.replace(Services.TYPE, without, before);
        ServiceSessionResult.Granted again = dialSession();

        assertThat(again.session().id()).isNotEqualTo(granted.session().id());
        assertThat(refusal(decide(client, granted.token(), PolicyType.DIAL))).isEqualTo(Refusal.INVALID_SESSION);
        assertThat(decide(client, again.token(), PolicyType.DIAL)).isInstanceOf(DialDecision.Allowed.class);
    }

    @Test
    void aRightThatAnotherPolicyStillGivesKeepsTheSession() {
        ServiceSessionResult.Granted granted = dialSession();
        world.put(Samples.put(Samples.servicePolicy(
                tag + "dial-too",
                PolicyType.DIAL,
                Semantic.ANY_OF,
                List.of("@" + tag + "client"),
                List.of("@" + service))));

        world.delete(ServicePolicies.TYPE, tag + "dial");
        // The keeper handles changes in order: once this later loss is seen to, the earlier one was judged.
        ServiceSessionResult.Granted bind = (ServiceSessionResult.Granted) open(host, service.value(), PolicyType.BIND);
        world.delete(ServicePolicies.TYPE, tag + "bind");
        awaitGone(bind.session());

        assertThat(decide(client, granted.token(), PolicyType.DIAL)).isInstanceOf(DialDecision.Allowed.class);
    }

    @Test
    void aPolicyThatAsksForPostureGrantsNoSession() {
        ServiceSessionResult.Granted before = dialSession();
        ServicePolicy policy = world.model
                .view()
                .get(ServicePolicies.TYPE, new ServicePolicyId(tag + "dial"))
                .orElseThrow();
        ServicePolicy guarded = Samples.guarded(policy, "#" + tag + "checks");
        PostureCheck check =
                Samples.postureCheck(tag + "check", new PostureCheck.Domains(List.of("corp.example")), tag + "checks");
        world.replace(ServicePolicies.TYPE, policy, guarded);
        assertThat(dialSession().session().id())
                .as("asks for nothing that exists")
                .isEqualTo(before.session().id());

        world.put(Samples.put(check));

        assertThat(refusal(decide(client, before.token(), PolicyType.DIAL))).isEqualTo(Refusal.INVALID_SESSION);
        assertThat(open(client, service.value(), PolicyType.DIAL))
                .isEqualTo(new ServiceSessionResult.PostureFailed(service, Map.of(policy.id(), Set.of(check.id()))));
        assertThat(open(host, service.value(), PolicyType.BIND)).isInstanceOf(ServiceSessionResult.Granted.class);
        awaitGone(before.session());

        world.delete(PostureChecks.TYPE, check.id().value());
        assertThat(dialSession().session().id()).isNotEqualTo(before.session().id());
    }

    @Test
    void aPolicyWithoutPostureIsEnoughBesideOneWithIt() {
        ServiceSessionResult.Granted granted = dialSession();
        world.put(
                Samples.put(Samples.postureCheck(
                        tag + "check", new PostureCheck.Domains(List.of("corp.example")), tag + "checks")),
                Samples.put(Samples.guarded(
                        Samples.servicePolicy(
                                tag + "guarded",
                                PolicyType.DIAL,
                                Semantic.ANY_OF,
                                List.of("@" + tag + "client"),
                                List.of("@" + service)),
                        "@" + tag + "check")));

        assertThat(dialSession().session().id()).isEqualTo(granted.session().id());
        assertThat(decide(client, granted.token(), PolicyType.DIAL)).isInstanceOf(DialDecision.Allowed.class);
    }

    @Test
    void anApiSessionSeesOnlyItsOwnSessions() {
        ServiceSessionResult.Granted granted = dialSession();

        assertThat(world.sessions
                        .serviceSessions()
                        .find(client, granted.session().id()))
                .isPresent();
        assertThat(world.sessions.serviceSessions().find(host, granted.session().id()))
                .isEmpty();
        assertThat(world.sessions.serviceSessions().of(host)).isEmpty();
    }

    @Test
    void aDeletedSessionIsRefused() {
        ServiceSessionResult.Granted granted = dialSession();

        boolean deleted =
                get(world.sessions.serviceSessions().delete(granted.session().id(), Proposal.Author.CONTROLLER));

        assertThat(deleted).isTrue();
        assertThat(refusal(decide(client, granted.token(), PolicyType.DIAL))).isEqualTo(Refusal.INVALID_SESSION);
        assertThat(get(world.sessions.serviceSessions().delete(granted.session().id(), Proposal.Author.CONTROLLER)))
                .isFalse();
    }

    @Test
    void aServiceSessionTokenOfAnotherKindIsNotBelieved() {
        String enrolment = world.sessions
                .enrollments()
                .prepareOtt(client.identity().id(), null)
                .jwt();

        assertThatThrownBy(() -> world.sessions.serviceSessionTokens().verify(enrolment))
                .isInstanceOf(InvalidTokenException.class);
    }

    @Test
    void theTimeOfTheLastChangeStandsStillUntilSomethingThatTheIdentitySeesChanges() {
        Instant first =
                world.sessions.serviceChanges().lastChange(client.identity().id());
        world.put(Samples.put(Samples.service(tag + "unrelated")));
        assertThat(world.sessions.serviceChanges().lastChange(client.identity().id()))
                .isEqualTo(first);

        world.delete(ServicePolicies.TYPE, tag + "dial");

        assertThat(world.sessions.serviceChanges().lastChange(client.identity().id()))
                .isAfter(first);
    }

    @Test
    void aSessionCertificateIsSignedForTheSessionAndSeenByNobodyElse() throws Exception {
        String csr = Csr.create(
                        CertificateSubject.commonName("ignored"),
                        AlternativeNames.hosts(List.of("evil.example"), List.of()),
                        KeyPairs.p256())
                .pem();

        SessionCertificates.Issued issued = get(world.sessions.certificates().issue(client, csr));

        var leaf = Pem.certificates(issued.chainPem()).get(0);
        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=" + tag + "client");
        assertThat(CertificateNames.hosts(leaf)).isEmpty();
        assertThat(CertificateNames.spiffeId(leaf).orElseThrow().path())
                .isEqualTo("/identity/" + tag + "client/apiSession/"
                        + client.session().id() + "/apiSessionCertificate/"
                        + issued.certificate().id());
        assertThat(Duration.between(
                        leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
                .isBetween(Duration.ofHours(12), Duration.ofHours(12).plusMinutes(2));
        assertThat(world.sessions
                        .apiSessions()
                        .find(client.session().id())
                        .orElseThrow()
                        .session()
                        .certFingerprints())
                .hasSize(2)
                .contains(issued.certificate().fingerprint());
        assertThat(world.sessions.certificates().find(host, issued.certificate().id()))
                .isEmpty();
        assertThat(get(world.sessions
                        .certificates()
                        .delete(host, issued.certificate().id())))
                .isFalse();
        assertThat(get(world.sessions
                        .certificates()
                        .delete(client, issued.certificate().id())))
                .isTrue();
        assertThat(world.sessions
                        .apiSessions()
                        .find(client.session().id())
                        .orElseThrow()
                        .session()
                        .certFingerprints())
                .hasSize(1);
    }

    private void awaitGone(Session session) {
        Awaitility.await().untilAsserted(() -> assertThat(world.model.view().get(Sessions.TYPE, session.id()))
                .isEmpty());
    }
}
