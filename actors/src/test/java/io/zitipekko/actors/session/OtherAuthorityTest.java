package io.zitipekko.actors.session;

import static io.zitipekko.actors.session.SessionWorld.LOGIN;
import static io.zitipekko.actors.session.SessionWorld.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.session.ForeignAuthority.Terms;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
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

    private String identity() {
        String id = "identity-" + made.incrementAndGet();
        world.put(Samples.put(Samples.identity(id)));
        return id;
    }

    private PresentedCertificates certificateOf(ForeignAuthority authority) {
        return world.certificateFor(identity(), authority.signs(), DAY);
    }

    private AuthenticationResult logIn(PresentedCertificates presented) {
        return get(world.sessions.apiSessions().authenticateByCertificate(presented, LOGIN));
    }

    private ForeignAuthority authority() {
        return ForeignAuthority.in(world, Terms.LOG_IN);
    }

    @Test
    void itsCertificateLogsInAndTheSessionSaysUnderWhom() {
        ForeignAuthority authority = authority();

        AuthenticatedSession session = world.login(certificateOf(authority));

        assertThat(session.session().caId()).isEqualTo(authority.ca().id());
        assertThat(session.session().improperClientCertChain()).isFalse();
        assertThat(world.login(world.certificateFor(identity())).session().caId())
                .as("the network's own")
                .isNull();
    }

    @Test
    void anIntermediateOfItsThatIsPresentedLeadsToIt() {
        ForeignAuthority authority = authority();
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
        assertThat(logIn(certificateOf(ForeignAuthority.in(world, Terms.LOG_IN.unverified()))))
                .isInstanceOf(AuthenticationResult.Refused.class);
        assertThat(logIn(certificateOf(ForeignAuthority.in(world, Terms.LOG_IN.withoutLogIn()))))
                .isInstanceOf(AuthenticationResult.Refused.class);
    }

    @Test
    void itsCertificateAloneIsNobodysAndOnlyTheLeafCounts() {
        ForeignAuthority authority = authority();
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
        ForeignAuthority forbidden = authority();
        ForeignAuthority removed = authority();
        ForeignAuthority untouched = authority();
        PresentedCertificates first = certificateOf(forbidden);
        PresentedCertificates second = certificateOf(removed);
        ApiSession ofForbidden = world.login(first).session();
        ApiSession ofRemoved = world.login(second).session();
        ApiSession ofUntouched = world.login(certificateOf(untouched)).session();
        ApiSession own = world.login(world.certificateFor(identity())).session();

        forbidden.change(Terms.LOG_IN.withoutLogIn());
        removed.remove();

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
        ForeignAuthority authority = authority();
        PresentedCertificates presented = certificateOf(authority);
        ApiSession before = world.login(presented).session();

        authority.remove();
        ForeignAuthority again = ForeignAuthority.in(world, authority.signs(), Terms.LOG_IN);

        assertThat(world.login(presented).session().caId()).isEqualTo(again.ca().id());
        assertThat(world.sessions.apiSessions().resolve(before.token())).isEmpty();
    }

    @Test
    void sessionsOfOneThatCarriedManyEndInSmallBatches() {
        ForeignAuthority authority = authority();
        String id = identity();
        world.certificateFor(id, authority.signs(), DAY);
        List<Change> logIns = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            logIns.add(Samples.put(
                    ApiSessions.TYPE, Samples.apiSessionUnder(authority.id(), "carried-" + i, id, "cert-" + id)));
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

        authority.change(Terms.LOG_IN.withoutLogIn());

        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        batches.stream().mapToLong(n -> n).sum())
                .isEqualTo(SESSIONS));
        assertThat(batches).allMatch(n -> n <= MOST_AT_ONCE);
    }
}
