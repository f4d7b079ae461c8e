package io.zitipekko.actors.enrollment;

import static io.zitipekko.actors.enrollment.EnrollmentAssertions.SOURCE;
import static io.zitipekko.actors.enrollment.EnrollmentAssertions.assertRefused;
import static io.zitipekko.actors.session.SessionWorld.LOGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.zitipekko.actors.enrollment.EnrollmentException.Code;
import io.zitipekko.actors.enrollment.Enrollments.EnrolledRouter;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.actors.session.AuthenticationResult;
import io.zitipekko.actors.session.SessionWorld;
import io.zitipekko.actors.work.BoundedWork;
import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.Csr;
import io.zitipekko.transport.pki.KeyPairs;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnrollmentsTest {
    private SessionWorld world;
    private Enrollments enrollments;
    private int count;

    @BeforeAll
    void start() {
        world = new SessionWorld(Duration.ofMinutes(30));
        enrollments = world.sessions.enrollments();
    }

    @AfterAll
    void stop() {
        world.close();
    }

    private String identity() {
        String id = "enrolling-" + count++;
        world.put(Samples.put(Samples.identity(id)));
        return id;
    }

    private Enrollment ott(String identity, @Nullable Instant expiresAt) {
        Enrollment enrollment = enrollments.prepareOtt(new IdentityId(identity), expiresAt);
        world.put(Samples.put(enrollment));
        return enrollment;
    }

    private Enrollment erott(String router) {
        world.put(Samples.put(Samples.router(router, false)));
        Enrollment enrollment = enrollments.prepareRouter(new RouterId(router), null);
        world.put(Samples.put(enrollment));
        return enrollment;
    }

    private static String csr(String commonName) {
        return csr(commonName, AlternativeNames.NONE);
    }

    private static String csr(String commonName, AlternativeNames names) {
        return Csr.create(CertificateSubject.commonName(commonName), names, KeyPairs.p256())
                .pem();
    }

    @Test
    void theTokenHasExactlyTheClaimsThatSdksRead() throws Exception {
        Enrollment enrollment = enrollments.prepareOtt(new IdentityId("someone"), null);

        JWTClaimsSet claims = SignedJWT.parse(enrollment.jwt()).getJWTClaimsSet();
        assertThat(claims.getClaims().keySet())
                .containsExactlyInAnyOrder("iss", "sub", "aud", "exp", "jti", "em", "ctrls");
        assertThat(claims.getIssuer()).isEqualTo("https://ctrl.test:1280");
        assertThat(claims.getSubject()).isEqualTo("someone");
        assertThat(claims.getAudience()).containsExactly("");
        assertThat(SignedJWT.parse(enrollment.jwt()).getPayload().toString())
                .as("a list, not the text in it")
                .contains("\"aud\":[\"\"]");
        assertThat(claims.getJWTID()).isEqualTo(enrollment.token());
        assertThat(claims.getStringClaim("em")).isEqualTo("ott");
        assertThat(claims.getStringListClaim("ctrls")).containsExactly("tls:ctrl.test:6262");
        assertThat(claims.getExpirationTime().toInstant()).isEqualTo(enrollment.expiresAt());
        assertThat(SignedJWT.parse(enrollment.jwt()).getHeader().getKeyID())
                .isEqualTo(world.signingKey.kid().hex());
    }

    @Test
    void ottIssuesACertificateThatLogsIn() throws Exception {
        String id = identity();
        KeyPair keys = KeyPairs.p256();
        String request = Csr.create(
                        CertificateSubject.commonName("whatever"),
                        AlternativeNames.hosts(List.of("evil.example"), List.of()),
                        keys)
                .pem();

        Enrollments.EnrolledIdentity enrolled =
                get(enrollments.enrollOtt(ott(id, null).token(), request, SOURCE));

        List<X509Certificate> chain = Pem.certificates(enrolled.certPem());
        X509Certificate leaf = chain.get(0);
        assertThat(leaf.getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=whatever");
        assertThat(CertificateNames.hosts(leaf)).isEmpty();
        assertThat(CertificateNames.spiffeId(leaf).orElseThrow().toString()).isEqualTo("spiffe://test/identity/" + id);
        assertThat(get(world.sessions.apiSessions().authenticateByCertificate(new PresentedCertificates(chain), LOGIN)))
                .isInstanceOf(AuthenticationResult.Authenticated.class);
    }

    @Test
    @DisplayName("TS-2025-007: a one-time key was looked at in one step and spent in another")
    void aTokenIsGoodOnceAlsoForAHundredAtTheSameTime() {
        String id = identity();
        String token = ott(id, null).token();
        String request = csr("someone");

        List<CompletableFuture<Boolean>> tries = IntStream.range(0, 100)
                .mapToObj(i -> enrollments
                        .enrollOtt(token, request, SOURCE)
                        .handle((ok, failure) -> {
                            if (failure != null) {
                                assertRefused(
                                        () -> {
                                            throw failure;
                                        },
                                        Code.INVALID_ENROLLMENT_TOKEN);
                            }
                            return failure == null;
                        })
                        .toCompletableFuture())
                .toList();

        assertThat(tries.stream().filter(CompletableFuture::join)).hasSize(1);
        assertThat(world.model.view().findAll(Authenticators.TYPE, Authenticators.BY_IDENTITY, id))
                .hasSize(1);
        assertRefused(() -> get(enrollments.enrollOtt(token, request, SOURCE)), Code.INVALID_ENROLLMENT_TOKEN);
    }

    @Test
    @DisplayName("TS-2025-007: a one-time key was looked at in one step and spent in another (routers, passwords)")
    void aRoutersTokenAndAUsersTokenAreGoodOnceAlsoForAHundredAtTheSameTime() {
        String router = erott("router-once").token();
        Enrollment user = enrollments.prepareUpdb(new IdentityId(identity()), "olga", null);
        world.put(Samples.put(user));
        String request = csr("router-once");

        assertThat(winners(i -> enrollments.enrollRouter(router, request, request, SOURCE)))
                .isEqualTo(1);
        assertThat(winners(i -> enrollments.enrollUpdb(user.token(), "olga", "password " + i, SOURCE)))
                .isEqualTo(1);
    }

    private static long winners(IntFunction<CompletionStage<?>> attempt) {
        List<CompletableFuture<Boolean>> tries = IntStream.range(0, 100)
                .mapToObj(i -> attempt.apply(i)
                        .handle((ok, failure) -> {
                            if (failure != null && !(failure.getCause() instanceof BoundedWork.Overloaded)) {
                                assertRefused(
                                        () -> {
                                            throw failure;
                                        },
                                        Code.INVALID_ENROLLMENT_TOKEN);
                            }
                            return failure == null;
                        })
                        .toCompletableFuture())
                .toList();
        return tries.stream().filter(CompletableFuture::join).count();
    }

    @Test
    void expiredUnknownAndForeignTokensAreToldApart() {
        Enrollment expired = ott(identity(), Instant.now().minusSeconds(2));
        Enrollment live = ott(identity(), null);

        assertRefused(() -> get(enrollments.enrollOtt(expired.token(), csr("x"), SOURCE)), Code.ENROLLMENT_EXPIRED);
        assertRefused(() -> get(enrollments.enrollOtt("nobody's", csr("x"), SOURCE)), Code.INVALID_ENROLLMENT_TOKEN);
        assertRefused(() -> get(enrollments.enrollOtt("", csr("x"), SOURCE)), Code.INVALID_ENROLLMENT_TOKEN);
        assertRefused(() -> get(enrollments.enrollUpdb(live.token(), "a", "b", SOURCE)), Code.INVALID_ENROLL_METHOD);
        assertRefused(() -> enrollments.checkMethod(live.token(), "bogus"), Code.INVALID_ENROLL_METHOD);
        assertRefused(() -> enrollments.checkMethod("nobody's", "bogus"), Code.INVALID_ENROLLMENT_TOKEN);
    }

    @Test
    void aBadRequestDoesNotUseTheTokenUp() {
        Enrollment enrollment = ott(identity(), null);

        assertRefused(() -> get(enrollments.enrollOtt(enrollment.token(), "", SOURCE)), Code.COULD_NOT_PROCESS_CSR);
        assertRefused(
                () -> get(enrollments.enrollOtt(enrollment.token(), "nonsense", SOURCE)), Code.COULD_NOT_PROCESS_CSR);
        assertRefused(
                () -> get(enrollments.enrollOtt(enrollment.token(), csr("a") + csr("b"), SOURCE)),
                Code.COULD_NOT_PROCESS_CSR);
        assertRefused(
                () -> get(enrollments.enrollOtt(enrollment.token(), "x".repeat(70_000), SOURCE)),
                Code.COULD_NOT_PROCESS_CSR);

        assertThat(get(enrollments.enrollOtt(enrollment.token(), csr("a"), SOURCE)))
                .isNotNull();
    }

    @Test
    void updbSetsThePasswordOfTheUserThatItIsFor() {
        String id = identity();
        Enrollment enrollment = enrollments.prepareUpdb(new IdentityId(id), "dora", null);
        world.put(Samples.put(enrollment));
        String token = enrollment.token();

        assertRefused(
                () -> get(enrollments.enrollUpdb(token, "someone else", "long enough", SOURCE)),
                Code.COULD_NOT_VALIDATE);
        assertRefused(() -> get(enrollments.enrollUpdb(token, "dora", "1234", SOURCE)), Code.COULD_NOT_VALIDATE);
        assertThat(get(enrollments.enrollUpdb(token, "dora", "long enough", SOURCE)))
                .isEqualTo("dora");

        assertRefused(
                () -> get(enrollments.enrollUpdb(token, "dora", "long enough", SOURCE)), Code.INVALID_ENROLLMENT_TOKEN);
        assertThat(get(world.sessions.apiSessions().authenticateByPassword("dora", "long enough", LOGIN)))
                .isInstanceOf(AuthenticationResult.Authenticated.class);
    }

    @Test
    void erottBindsTheRouterToItsLeafAndKeepsTheNamesButNoSpiffeId() throws Exception {
        Enrollment enrollment = erott("router-a");
        AlternativeNames names = new AlternativeNames(
                List.of("er.example"),
                List.of("10.1.2.3"),
                List.of("spiffe://test/controller/ctrl", "urn:x:y"),
                List.of());

        EnrolledRouter enrolled =
                get(enrollments.enrollRouter(enrollment.token(), csr("router-a", names), csr("any", names), SOURCE));

        X509Certificate client = Pem.certificates(enrolled.certPem()).get(0);
        X509Certificate server = Pem.certificates(enrolled.serverCertPem()).get(0);
        EdgeRouter router = world.model
                .view()
                .get(EdgeRouters.TYPE, new RouterId("router-a"))
                .orElseThrow();
        assertThat(router.verified()).isTrue();
        assertThat(router.fingerprint()).isEqualTo(Fingerprint.of(client));
        assertThat(CertificateNames.hosts(server)).containsExactly("er.example", "10.1.2.3");
        assertThat(CertificateNames.spiffeId(client)).isEmpty();
        assertThat(client.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(Pem.certificates(enrolled.caPem())).containsExactly(world.root.certificate());
    }

    @Test
    void aRouterRequestThatNamesAnotherRouterIsRefusedAndTheTokenStays() {
        Enrollment enrollment = erott("router-b");

        assertThatThrownBy(() ->
                        get(enrollments.enrollRouter(enrollment.token(), csr("router-x"), csr("router-b"), SOURCE)))
                .cause()
                .isInstanceOfSatisfying(EnrollmentException.class, e -> {
                    assertThat(e.code()).isEqualTo(Code.COULD_NOT_PROCESS_CSR);
                    assertThat(e.causeMessage()).contains("invalid client CSR");
                });
        assertRefused(
                () -> get(enrollments.enrollRouter(enrollment.token(), csr("router-b"), "", SOURCE)),
                Code.MISSING_OR_INVALID_CSR);

        assertThat(get(enrollments.enrollRouter(enrollment.token(), csr("router-b"), csr("router-b"), SOURCE)))
                .isNotNull();
    }

    @Test
    void aRouterRenewsOverItsChannelInTwoSteps() {
        EnrolledRouter first =
                get(enrollments.enrollRouter(erott("router-c").token(), csr("router-c"), csr("router-c"), SOURCE));
        RouterId id = new RouterId("router-c");
        RouterRenewals renewals = world.sessions.routerRenewals();

        EnrolledRouter second = get(renewals.extend(id, csr("router-c"), csr("router-c"), true, SOURCE));

        assertThat(current(id)).isEqualTo(leaf(first.certPem()));
        assertRefused(() -> get(renewals.verify(id, first.certPem(), SOURCE)), Code.INVALID_CLIENT_CERT);
        get(renewals.verify(id, second.certPem(), SOURCE));
        assertThat(current(id)).isEqualTo(leaf(second.certPem()));
    }

    @Test
    void aRouterRenewsOverHttpWithItsCurrentLeafOnly() {
        EnrolledRouter first =
                get(enrollments.enrollRouter(erott("router-d").token(), csr("router-d"), csr("router-d"), SOURCE));
        PresentedCertificates presented = new PresentedCertificates(Pem.certificates(first.certPem()));
        RouterRenewals renewals = world.sessions.routerRenewals();

        EnrolledRouter second = get(renewals.extend(presented, csr("router-d"), csr("router-d"), SOURCE));

        assertThat(current(new RouterId("router-d"))).isEqualTo(leaf(second.certPem()));
        assertRefused(
                () -> get(renewals.extend(presented, csr("router-d"), csr("router-d"), SOURCE)), Code.UNAUTHORIZED);
        assertRefused(
                () -> get(renewals.extend(PresentedCertificates.NONE, csr("router-d"), csr("router-d"), SOURCE)),
                Code.UNAUTHORIZED);
    }

    @Test
    void anIdentityRenewsItsCertificateInTwoSteps() {
        String id = identity();
        PresentedCertificates old = new PresentedCertificates(
                Pem.certificates(get(enrollments.enrollOtt(ott(id, null).token(), csr("x"), SOURCE))
                        .certPem()));
        AuthenticatorRenewals renewals = world.sessions.authenticatorRenewals();

        AuthenticatorRenewals.Renewal renewal = get(renewals.extend(authenticator(id), old, csr("x"), SOURCE));
        PresentedCertificates renewed = new PresentedCertificates(Pem.certificates(renewal.clientCertPem()));

        assertThat(login(old)).isInstanceOf(AuthenticationResult.Authenticated.class);
        assertThat(login(renewed)).isInstanceOf(AuthenticationResult.Refused.class);
        get(renewals.verify(authenticator(id), renewal.clientCertPem(), SOURCE));
        assertThat(login(old)).isInstanceOf(AuthenticationResult.Refused.class);
        assertThat(login(renewed)).isInstanceOf(AuthenticationResult.Authenticated.class);
        assertRefused(() -> get(renewals.extend(authenticator(id), old, csr("x"), SOURCE)), Code.UNAUTHORIZED);
    }

    @Test
    void aPasswordIsChangedWithTheCurrentOneOnly() {
        String id = identity();
        world.passwordFor(id, "emil", "first password");
        AuthenticatorRenewals renewals = world.sessions.authenticatorRenewals();

        assertRefused(
                () -> get(renewals.changePassword(authenticator(id), "wrong", null, "second password", SOURCE)),
                Code.UNAUTHORIZED);
        get(renewals.changePassword(authenticator(id), "first password", null, "second password", SOURCE));

        assertThat(get(world.sessions.apiSessions().authenticateByPassword("emil", "second password", LOGIN)))
                .isInstanceOf(AuthenticationResult.Authenticated.class);
    }

    @Test
    void aRefreshedEnrolmentHasANewTokenAndTheOldOneIsWorthless() {
        Enrollment before = ott(identity(), null);

        Enrollment after = enrollments.refresh(before, null);
        world.put(new Change.Put<>(io.zitipekko.actors.model.type.Enrollments.TYPE, after, before));

        assertRefused(
                () -> get(enrollments.enrollOtt(before.token(), csr("x"), SOURCE)), Code.INVALID_ENROLLMENT_TOKEN);
        assertThat(get(enrollments.enrollOtt(after.token(), csr("x"), SOURCE))).isNotNull();
    }

    private AuthenticationResult login(PresentedCertificates presented) {
        return get(world.sessions.apiSessions().authenticateByCertificate(presented, LOGIN));
    }

    private Authenticator authenticator(String identity) {
        return world.model.view().findAll(Authenticators.TYPE, Authenticators.BY_IDENTITY, identity).stream()
                .findFirst()
                .orElseThrow();
    }

    private @Nullable Fingerprint current(RouterId router) {
        return world.model.view().get(EdgeRouters.TYPE, router).orElseThrow().fingerprint();
    }

    private static Fingerprint leaf(String pem) {
        return Fingerprint.of(Pem.certificates(pem).get(0));
    }

    private static <T> T get(CompletionStage<T> stage) {
        return SessionWorld.get(stage);
    }
}
