package io.zitipekko.actors.session;

import static io.zitipekko.actors.session.SessionWorld.LOGIN;
import static io.zitipekko.actors.session.SessionWorld.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.event.AuthenticationEvent;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.ApiSessionCertificates;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.Certificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiSessionsTest {
    private SessionWorld world;
    private int identities;

    @BeforeAll
    void start() {
        world = new SessionWorld(Duration.ofMinutes(30));
    }

    @AfterAll
    void stop() {
        world.close();
    }

    private String identity() {
        String id = "identity-" + identities++;
        world.put(Samples.put(Samples.identity(id)));
        return id;
    }

    private AuthenticationResult password(String username, String password) {
        return get(world.sessions.apiSessions().authenticateByPassword(username, password, LOGIN));
    }

    private AuthenticationResult certificate(PresentedCertificates presented) {
        return get(world.sessions.apiSessions().authenticateByCertificate(presented, LOGIN));
    }

    @Test
    void aCertificateOpensASessionWhoseTokenResolvesAndWhoseLeafMayConnect() {
        String id = identity();
        PresentedCertificates presented = world.certificateFor(id);

        AuthenticatedSession session = world.login(presented);

        assertThat(session.identity().id().value()).isEqualTo(id);
        assertThat(session.session().certFingerprints())
                .containsExactly(Fingerprint.of(presented.chain().get(0)));
        assertThat(session.session().improperClientCertChain()).isFalse();
        assertThat(session.session().id().value())
                .isNotEqualTo(session.session().token());
        assertThat(world.sessions.apiSessions().resolve(session.session().token()))
                .hasValueSatisfying(found -> assertThat(found.session()).isEqualTo(session.session()));
        assertThat(world.model
                        .view()
                        .findAll(
                                ApiSessionCertificates.TYPE,
                                ApiSessionCertificates.BY_API_SESSION,
                                session.session().id().value()))
                .hasSize(1);
    }

    @Test
    void theSameCertificateOpensManySessionsSideBySide() {
        PresentedCertificates presented = world.certificateFor(identity());

        AuthenticatedSession one = world.login(presented);
        AuthenticatedSession two = world.login(presented);

        assertThat(one.session().token()).isNotEqualTo(two.session().token());
        assertThat(world.sessions.apiSessions().resolve(one.session().token())).isPresent();
        assertThat(world.sessions.apiSessions().resolve(two.session().token())).isPresent();
    }

    @Test
    void whatAnSdkSaysOfItselfIsKept() {
        String id = identity();

        world.login(world.certificateFor(id));

        Identity identity =
                world.model.view().get(Identities.TYPE, new IdentityId(id)).orElseThrow();
        assertThat(identity.envInfo()).containsEntry("os", "any");
        assertThat(identity.sdkInfo()).containsEntry("type", "test");
    }

    @Test
    void aLeafWithoutItsIntermediateIsKnownAndMarked() {
        PresentedCertificates full = world.certificateFor(identity());

        AuthenticatedSession session =
                world.login(new PresentedCertificates(List.of(full.chain().get(0))));

        assertThat(session.session().improperClientCertChain()).isTrue();
    }

    @Test
    void noCertificateAForeignOneOrAnUnknownOneIsRefused() {
        CertificateAuthority stranger = CertificateAuthority.selfSignedRoot(
                CertificateSubject.commonName("root"), KeyPairs.p256(), "test", Duration.ofDays(10));
        PresentedCertificates foreign = world.certificateFor(identity(), stranger, Duration.ofDays(1));
        String forgotten = identity();
        PresentedCertificates unknown = world.certificateFor(forgotten);
        world.delete(Authenticators.TYPE, "cert-" + forgotten);

        assertThat(certificate(PresentedCertificates.NONE)).isInstanceOf(AuthenticationResult.Refused.class);
        assertThat(certificate(foreign)).isInstanceOf(AuthenticationResult.Refused.class);
        assertThat(certificate(unknown)).isInstanceOf(AuthenticationResult.Refused.class);
    }

    @Test
    void aRefusedLogInIsTold() {
        List<AuthenticationEvent> told = new CopyOnWriteArrayList<>();
        try (EventBus.Subscription subscription = world.events.subscribe(AuthenticationEvent.class, told::add)) {
            certificate(PresentedCertificates.NONE);
        }

        assertThat(told).singleElement().satisfies(event -> {
            assertThat(event.eventType()).isEqualTo("fail");
            assertThat(event.reason()).contains("no client certificate");
        });
    }

    @Test
    void onlyTheLeafCountsNotAnotherPresentedCertificate() {
        PresentedCertificates known = world.certificateFor(identity());
        String other = identity();
        PresentedCertificates mine = world.certificateFor(other);
        world.delete(Authenticators.TYPE, "cert-" + other);

        AuthenticationResult result = certificate(new PresentedCertificates(
                List.of(mine.chain().get(0), known.chain().get(0), mine.chain().get(1))));

        assertThat(result).isInstanceOf(AuthenticationResult.Refused.class);
    }

    @Test
    @DisplayName("CVE-2026-25793: a revoked certificate came back with the other form of its signature")
    void aCertificateWithTheOtherFormOfItsSignatureIsUnknown() throws Exception {
        PresentedCertificates known = world.certificateFor(identity());
        X509Certificate twin =
                withOtherSignature(known.chain().get(0), known.chain().get(1));
        world.login(known);

        AuthenticationResult result = certificate(
                new PresentedCertificates(List.of(twin, known.chain().get(1))));

        twin.verify(known.chain().get(1).getPublicKey());
        assertThat(result).isInstanceOf(AuthenticationResult.Refused.class);
    }

    /** If (r, s) is an ECDSA signature, so is (r, n - s): anybody can make the one from the other. */
    private static X509Certificate withOtherSignature(X509Certificate leaf, X509Certificate issuer) throws Exception {
        Certificate parsed = Certificate.getInstance(leaf.getEncoded());
        ASN1Sequence signature = ASN1Sequence.getInstance(parsed.getSignature().getOctets());
        BigInteger order = ((ECPublicKey) issuer.getPublicKey()).getParams().getOrder();
        BigInteger other =
                order.subtract(ASN1Integer.getInstance(signature.getObjectAt(1)).getValue());
        DERSequence twin = new DERSequence(new ASN1Encodable[] {signature.getObjectAt(0), new ASN1Integer(other)});
        byte[] der = new DERSequence(new ASN1Encodable[] {
                    parsed.getTBSCertificate(), parsed.getSignatureAlgorithm(), new DERBitString(twin)
                })
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    @Test
    void aDisabledIdentityNeitherLogsInNorKeepsItsSessions() {
        String id = identity();
        PresentedCertificates presented = world.certificateFor(id);
        String token = world.login(presented).session().token();
        Identity before =
                world.model.view().get(Identities.TYPE, new IdentityId(id)).orElseThrow();

        world.replace(Identities.TYPE, before, before.withDisabled(Instant.now(), null));

        assertThat(world.sessions.apiSessions().resolve(token)).isEmpty();
        assertThat(certificate(presented)).isInstanceOf(AuthenticationResult.Refused.class);
        Awaitility.await().untilAsserted(() -> assertThat(world.model
                        .view()
                        .findAll(
                                io.zitipekko.actors.model.type.ApiSessions.TYPE,
                                io.zitipekko.actors.model.type.ApiSessions.BY_IDENTITY,
                                id))
                .isEmpty());
    }

    @Test
    void aPasswordLogsInAndAWrongOneLooksLikeAnUnknownUser() {
        String id = identity();
        world.passwordFor(id, "anna", "correct horse");

        AuthenticationResult right = password("anna", "correct horse");

        assertThat(right).isInstanceOfSatisfying(AuthenticationResult.Authenticated.class, ok -> {
            assertThat(ok.session().identity().id().value()).isEqualTo(id);
            assertThat(ok.session().session().certFingerprints()).isEmpty();
        });
        assertThat(password("anna", "wrong")).isInstanceOf(AuthenticationResult.Refused.class);
        assertThat(password("nobody", "correct horse")).isInstanceOf(AuthenticationResult.Refused.class);
        assertThat(password("anna", "x".repeat(101))).isInstanceOf(AuthenticationResult.Refused.class);
    }

    @Test
    void tooManyWrongPasswordsDisableTheIdentityForAWhile() {
        String id = identity();
        world.passwordFor(id, "bert", "correct horse");
        world.policy(true, true, 3, 15);
        try {
            assertThat(password("bert", "wrong 1")).isInstanceOf(AuthenticationResult.Refused.class);
            assertThat(password("bert", "wrong 2")).isInstanceOf(AuthenticationResult.Refused.class);
            assertThat(password("bert", "correct horse")).isInstanceOf(AuthenticationResult.Authenticated.class);
            for (int i = 0; i < 3; i++) {
                password("bert", "wrong again " + i);
            }

            Awaitility.await().untilAsserted(() -> {
                Identity identity = world.model
                        .view()
                        .get(Identities.TYPE, new IdentityId(id))
                        .orElseThrow();
                assertThat(identity.disabled(Instant.now())).isTrue();
                assertThat(identity.disabledUntil())
                        .isBetween(
                                Instant.now().plus(Duration.ofMinutes(14)),
                                Instant.now().plus(Duration.ofMinutes(16)));
            });
            assertThat(password("bert", "correct horse")).isInstanceOf(AuthenticationResult.Refused.class);
        } finally {
            world.policy(true, true, 0, 0);
        }
    }

    @Test
    void guessesAtOnceDoNotGetMoreAttemptsThanGuessesInARow() {
        String id = identity();
        world.passwordFor(id, "carla", "correct horse");
        world.policy(true, true, 3, 0);
        try {
            List<CompletableFuture<AuthenticationResult>> guesses = IntStream.range(0, 20)
                    .mapToObj(i -> world.sessions
                            .apiSessions()
                            .authenticateByPassword("carla", "guess " + i, LOGIN)
                            .toCompletableFuture())
                    .toList();
            guesses.forEach(CompletableFuture::join);

            Awaitility.await().untilAsserted(() -> assertThat(world.model
                            .view()
                            .get(Identities.TYPE, new IdentityId(id))
                            .orElseThrow()
                            .disabledAt())
                    .isNotNull());
            assertThat(guesses)
                    .extracting(CompletableFuture::join)
                    .filteredOn(r -> r instanceof AuthenticationResult.Refused refused
                            && refused.reason().startsWith("wrong password"))
                    .hasSize(3);
        } finally {
            world.policy(true, true, 0, 0);
        }
    }

    @Test
    void aPolicyThatAdmitsNoCertificatesRefusesThem() {
        PresentedCertificates presented = world.certificateFor(identity());
        world.policy(false, true, 0, 0);
        try {
            assertThat(certificate(presented)).isInstanceOf(AuthenticationResult.Refused.class);
        } finally {
            world.policy(true, true, 0, 0);
        }
        assertThat(certificate(presented)).isInstanceOf(AuthenticationResult.Authenticated.class);
    }

    @Test
    void logOutEndsTheTokenAtOnceAndTwiceIsNoFault() {
        AuthenticatedSession session = world.login(world.certificateFor(identity()));

        get(world.sessions.apiSessions().delete(session.session().id(), Proposal.Author.CONTROLLER));
        get(world.sessions.apiSessions().delete(session.session().id(), Proposal.Author.CONTROLLER));

        assertThat(world.sessions.apiSessions().resolve(session.session().token()))
                .isEmpty();
    }

    @Test
    void aHeartbeatNamesTheTokensThatAreUnknown() {
        AuthenticatedSession session = world.login(world.certificateFor(identity()));

        assertThat(world.sessions
                        .apiSessions()
                        .heartbeat(List.of(session.session().token(), "nobody's", "")))
                .containsExactlyInAnyOrder("nobody's", "");
    }

    @Test
    void configTypesAreKeptAsIdsAndUnknownOnesDropped() {
        PresentedCertificates presented = world.certificateFor(identity());
        LoginRequest request = new LoginRequest(
                List.of("intercept.v1", "NH5p4FpGR", "no-such-type"), LOGIN.envInfo(), LOGIN.sdkInfo(), "127.0.0.1");

        AuthenticationResult result = get(world.sessions.apiSessions().authenticateByCertificate(presented, request));

        assertThat(((AuthenticationResult.Authenticated) result)
                        .session()
                        .session()
                        .configTypes())
                .containsExactly("g7cIWbcGg", "NH5p4FpGR");
    }
}
