package io.zitipekko.actors.session;

import static io.zitipekko.actors.session.SessionWorld.LOGIN;
import static io.zitipekko.actors.session.SessionWorld.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.ApiSession;
import io.zitipekko.actors.model.Ca;
import io.zitipekko.actors.model.CaId;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Cas;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Log-in by a certificate of somebody else's authority, and what becomes of it when that authority is withdrawn. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherAuthorityTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final int SESSIONS = 1_000;
    private static final int MOST_AT_ONCE = 100;

    private final AtomicInteger made = new AtomicInteger();
    private SessionWorld world;

    @BeforeAll
    void start() {
        world = new SessionWorld(Duration.ofHours(1));
    }

    @AfterAll
    void stop() {
        world.close();
    }

    /** An authority, and what the model knows of it. */
    private record Known(CertificateAuthority signs, Ca ca) {
        Ca admitting(boolean logIn) {
            return new Ca(
                    ca.id(),
                    ca.meta(),
                    ca.name(),
                    ca.fingerprint(),
                    ca.certPem(),
                    ca.verified(),
                    ca.verificationToken(),
                    logIn,
                    false,
                    false,
                    Set.of(),
                    ca.identityNameFormat(),
                    null);
        }
    }

    private Known authority(boolean verified, boolean logIn) {
        String name = "authority-" + made.incrementAndGet();
        return known(
                CertificateAuthority.selfSignedRoot(
                        CertificateSubject.commonName(name), KeyPairs.p256(), "other", Duration.ofDays(10)),
                verified,
                logIn);
    }

    private Known known(CertificateAuthority signs, boolean verified, boolean logIn) {
        String id = "ca-" + made.incrementAndGet();
        Ca ca = new Ca(
                new CaId(id),
                Samples.META,
                id,
                Fingerprint.of(signs.certificate()),
                Pem.write(signs.certificate()),
                verified,
                "token",
                logIn,
                false,
                false,
                Set.of(),
                Ca.DEFAULT_NAME_FORMAT,
                null);
        world.put(Samples.put(Cas.TYPE, ca));
        return new Known(signs, ca);
    }

    private String identity() {
        String id = "identity-" + made.incrementAndGet();
        world.put(Samples.put(Samples.identity(id)));
        return id;
    }

    private PresentedCertificates certificateOf(Known authority) {
        return world.certificateFor(identity(), authority.signs(), DAY);
    }

    private AuthenticationResult logIn(PresentedCertificates presented) {
        return get(world.sessions.apiSessions().authenticateByCertificate(presented, LOGIN));
    }

    private void forbid(Known authority) {
        world.replace(Cas.TYPE, authority.ca(), authority.admitting(false));
    }

    @Test
    void itsCertificateLogsInAndTheSessionSaysUnderWhom() {
        Known authority = authority(true, true);

        AuthenticatedSession session = world.login(certificateOf(authority));

        assertThat(session.session().caId()).isEqualTo(authority.ca().id());
        assertThat(session.session().improperClientCertChain()).isFalse();
        assertThat(world.login(world.certificateFor(identity())).session().caId())
                .as("the network's own")
                .isNull();
    }

    @Test
    void anIntermediateOfItsThatIsPresentedLeadsToIt() {
        Known authority = authority(true, true);
        CertificateAuthority below = authority
                .signs()
                .issueIntermediate(CertificateSubject.commonName("below"), KeyPairs.p256(), "other", 0, DAY);

        assertThat(world.login(world.certificateFor(identity(), below, DAY))
                        .session()
                        .caId())
                .isEqualTo(authority.ca().id());
    }

    @Test
    void oneThatNobodyVerifiedOrThatAdmitsNoLogInAdmitsNobody() {
        assertThat(logIn(certificateOf(authority(false, true)))).isInstanceOf(AuthenticationResult.Refused.class);
        assertThat(logIn(certificateOf(authority(true, false)))).isInstanceOf(AuthenticationResult.Refused.class);
    }

    @Test
    void itsCertificateAloneIsNobodysAndOnlyTheLeafCounts() {
        Known authority = authority(true, true);
        PresentedCertificates known = certificateOf(authority);
        String other = identity();
        PresentedCertificates unknown = world.certificateFor(other, authority.signs(), DAY);
        world.delete(Authenticators.TYPE, "cert-" + other);

        assertThat(logIn(unknown)).isInstanceOf(AuthenticationResult.Refused.class);
        assertThat(logIn(new PresentedCertificates(
                        List.of(unknown.chain().get(0), known.chain().get(0)))))
                .isInstanceOf(AuthenticationResult.Refused.class);
    }

    @Test
    void withdrawnItEndsItsSessionsAtOnceAndAdmitsNobody() {
        Known forbidden = authority(true, true);
        Known removed = authority(true, true);
        Known untouched = authority(true, true);
        PresentedCertificates first = certificateOf(forbidden);
        PresentedCertificates second = certificateOf(removed);
        ApiSession ofForbidden = world.login(first).session();
        ApiSession ofRemoved = world.login(second).session();
        ApiSession ofUntouched = world.login(certificateOf(untouched)).session();
        ApiSession own = world.login(world.certificateFor(identity())).session();

        forbid(forbidden);
        world.delete(Cas.TYPE, removed.ca().id().value());

        for (ApiSession lost : List.of(ofForbidden, ofRemoved)) {
            assertThat(world.sessions.apiSessions().resolve(lost.token())).isEmpty();
            assertThat(world.sessions.apiSessions().find(lost.id())).isEmpty();
        }
        assertThat(logIn(first)).isInstanceOf(AuthenticationResult.Refused.class);
        assertThat(logIn(second)).isInstanceOf(AuthenticationResult.Refused.class);
        Awaitility.await().untilAsserted(() -> assertThat(List.of(ofForbidden, ofRemoved))
                .allSatisfy(lost -> assertThat(world.model.view().get(ApiSessions.TYPE, lost.id()))
                        .isEmpty()));
        assertThat(world.sessions.apiSessions().resolve(ofUntouched.token())).isPresent();
        assertThat(world.sessions.apiSessions().resolve(own.token())).isPresent();
    }

    @Test
    void allowedAgainItAdmitsWhoseAuthenticatorWasLeft() {
        Known authority = authority(true, true);
        PresentedCertificates presented = certificateOf(authority);
        ApiSession before = world.login(presented).session();

        world.delete(Cas.TYPE, authority.ca().id().value());
        Known again = known(authority.signs(), true, true);

        assertThat(world.login(presented).session().caId()).isEqualTo(again.ca().id());
        assertThat(world.sessions.apiSessions().resolve(before.token())).isEmpty();
    }

    @Test
    void sessionsOfOneThatCarriedManyEndInSmallBatches() {
        Known authority = authority(true, true);
        String id = identity();
        world.certificateFor(id, authority.signs(), DAY);
        List<Change> logIns = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            logIns.add(Samples.put(
                    ApiSessions.TYPE,
                    Samples.apiSessionUnder(authority.ca().id().value(), "carried-" + i, id, "cert-" + id)));
        }
        world.put(logIns.toArray(Change[]::new));
        Queue<Long> batches = new ConcurrentLinkedQueue<>();
        world.model.subscribe(commit -> {
            long ends = commit.changeSet().changes().stream()
                    .filter(change -> change instanceof Change.Delete && change.type() == ApiSessions.TYPE)
                    .count();
            if (ends > 0) {
                batches.add(ends);
            }
        });

        forbid(authority);

        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        batches.stream().mapToLong(n -> n).sum())
                .isEqualTo(SESSIONS));
        assertThat(batches).allMatch(n -> n <= MOST_AT_ONCE);
    }
}
