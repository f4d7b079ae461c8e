package io.zitipekko.actors.session;

import static io.zitipekko.actors.session.SessionWorld.LOGIN;
import static io.zitipekko.actors.session.SessionWorld.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.event.AuthenticationEvent;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.ExternalIdClaim;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.session.ForeignAuthority.Terms;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Log-in by the external id that a certificate of somebody else's authority gives, and what ends it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExternalIdLoginTest {
    private static final Terms COMMON_NAMES = Terms.LOG_IN.claiming(commonName(""));

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

    /** The common name, if it begins so. */
    private static ExternalIdClaim commonName(String prefix) {
        return new ExternalIdClaim(
                ExternalIdClaim.Location.COMMON_NAME,
                ExternalIdClaim.Matcher.PREFIX,
                prefix,
                ExternalIdClaim.Parser.NONE,
                "",
                0);
    }

    /** An identity with an external id and no authenticator. */
    private Identity known() {
        int n = made.incrementAndGet();
        Identity identity = Samples.withExternalId(Samples.identity("identity-" + n), "external-" + n);
        world.put(Samples.put(identity));
        return identity;
    }

    private Identity now(Identity identity) {
        return world.model.view().get(Identities.TYPE, identity.id()).orElseThrow();
    }

    private void rename(Identity identity, String externalId) {
        world.replace(Identities.TYPE, now(identity), Samples.withExternalId(now(identity), externalId));
    }

    private AuthenticationResult logIn(PresentedCertificates presented) {
        return get(world.sessions.apiSessions().authenticateByCertificate(presented, LOGIN));
    }

    private void assertRefused(PresentedCertificates presented) {
        assertThat(logIn(presented)).isInstanceOf(AuthenticationResult.Refused.class);
    }

    private void assertEnds(ApiSession session) {
        assertThat(world.sessions.apiSessions().resolve(session.token())).isEmpty();
        assertThat(world.sessions.apiSessions().find(session.id())).isEmpty();
        Awaitility.await().untilAsserted(() -> assertThat(world.model.view().get(ApiSessions.TYPE, session.id()))
                .isEmpty());
    }

    private void assertStands(ApiSession session) {
        assertThat(world.sessions.apiSessions().resolve(session.token())).isPresent();
    }

    @Test
    void aCertificateThatNamesAnExternalIdLogsInWhoeverHasItUnderTheAuthorityAndWithThatLeaf() {
        ForeignAuthority authority = ForeignAuthority.in(world, COMMON_NAMES);
        Identity identity = known();
        PresentedCertificates presented = authority.leaf(identity.externalId());
        List<AuthenticationEvent> told = new CopyOnWriteArrayList<>();

        ApiSession session;
        try (EventBus.Subscription subscription = world.events.subscribe(AuthenticationEvent.class, told::add)) {
            session = world.login(presented).session();
            Awaitility.await().untilAsserted(() -> assertThat(told).isNotEmpty());
        }

        assertThat(session.identityId()).isEqualTo(identity.id());
        assertThat(session.caId()).isEqualTo(authority.ca().id());
        assertThat(session.authenticatorId()).isEqualTo(AuthenticatorId.INTERNAL);
        assertThat(session.certFingerprints())
                .containsExactly(Fingerprint.of(presented.chain().get(0)));
        assertThat(told).singleElement().satisfies(event -> {
            assertThat(event.success()).isTrue();
            assertThat(event.identityId()).isEqualTo(identity.id());
            assertThat(event.authenticatorId()).isEqualTo(AuthenticatorId.INTERNAL);
        });
        assertStands(session);
    }

    @Test
    void aCertificateThatSomebodyHasIsTheirsWhateverItClaims() {
        ForeignAuthority authority = ForeignAuthority.in(world, COMMON_NAMES);
        Identity claimed = known();
        String owner = "owner-of-" + claimed.externalId();
        world.put(Samples.put(Samples.identity(owner)));

        PresentedCertificates presented = authority.leaf(claimed.externalId());
        world.authenticatorOf(owner, presented);

        assertThat(world.login(presented).identity().id()).isEqualTo(new IdentityId(owner));
    }

    @Test
    void whatTheClaimDoesNotFindOrNobodyHasLogsNobodyIn() {
        Identity identity = known();
        ForeignAuthority elsewhere = ForeignAuthority.in(world, Terms.LOG_IN.claiming(commonName("device-")));
        ForeignAuthority silent = ForeignAuthority.in(world, Terms.LOG_IN);
        ForeignAuthority claiming = ForeignAuthority.in(world, COMMON_NAMES);

        assertRefused(elsewhere.leaf(identity.externalId()));
        assertRefused(silent.leaf(identity.externalId()));
        assertRefused(claiming.leaf("nobody"));
        assertRefused(claiming.leaf(identity.name()));
        assertRefused(claiming.leaf(identity.id().value()));
    }

    @Test
    void onlyTheLeafNamesItsIdentity() {
        ForeignAuthority authority = ForeignAuthority.in(world, COMMON_NAMES);
        Identity identity = known();

        assertRefused(new PresentedCertificates(List.of(
                authority.leaf("nobody").chain().get(0),
                authority.leaf(identity.externalId()).chain().get(0))));
    }

    @Test
    void anAuthorityThatIsNotVerifiedOrAdmitsNoLogInsClaimsNothing() {
        Identity identity = known();

        assertRefused(ForeignAuthority.in(world, COMMON_NAMES.unverified()).leaf(identity.externalId()));
        assertRefused(ForeignAuthority.in(world, COMMON_NAMES.withoutLogIn()).leaf(identity.externalId()));
    }

    @Test
    void theNetworksOwnCertificatesClaimNothing() {
        ForeignAuthority.in(world, COMMON_NAMES);
        Identity identity = known();

        assertRefused(new PresentedCertificates(world.intermediate.presented(world.intermediate.issueClient(
                CertificateSubject.of(
                        identity.externalId(),
                        KeyPairs.p256().getPublic(),
                        io.zitipekko.transport.pki.AlternativeNames.NONE),
                Duration.ofDays(1)))));
    }

    @Test
    void thePolicyOfTheIdentityDecidesAboutCertificatesAndExpiredOnes() {
        ForeignAuthority authority = ForeignAuthority.in(
                world,
                CertificateAuthority.selfSignedRoot(
                        CertificateSubject.commonName("of the day before yesterday"),
                        KeyPairs.p256(),
                        "other",
                        Duration.ofDays(10),
                        Clock.offset(Clock.systemUTC(), Duration.ofDays(-2))),
                COMMON_NAMES);
        PresentedCertificates expired = authority.leaf(known().externalId());
        ApiSession admitted = world.login(expired).session();
        try {
            world.policy(true, false, 0, 0);
            assertRefused(expired);
            assertThat(world.sessions.apiSessions().resolve(admitted.token()))
                    .as("a session ends with its certificate unless the policy admits that")
                    .isEmpty();

            world.policy(false, true, 0, 0);
            assertRefused(expired);
        } finally {
            world.policy(true, true, 0, 0);
        }
    }

    @Test
    void theSessionEndsWithTheExternalIdAndWhoeverHasItThenIsLoggedIn() {
        ForeignAuthority authority = ForeignAuthority.in(world, COMMON_NAMES);
        Identity first = known();
        Identity second = known();
        String externalId = first.externalId();
        PresentedCertificates presented = authority.leaf(externalId);
        ApiSession lost = world.login(presented).session();
        ApiSession others = world.login(authority.leaf(second.externalId())).session();
        ApiSession byAuthenticator =
                world.login(world.certificateFor(first.id().value())).session();

        rename(first, null);

        assertEnds(lost);
        assertRefused(presented);
        assertStands(others);
        assertStands(byAuthenticator);
        rename(second, externalId);
        assertThat(world.login(presented).identity().id()).isEqualTo(second.id());
        assertEnds(others);
    }

    @Test
    void theSessionEndsWithTheClaimWithLogInAndWithTheAuthority() {
        Identity identity = known();
        for (Terms terms : List.of(
                COMMON_NAMES.claiming(null),
                COMMON_NAMES.claiming(commonName("external-")),
                COMMON_NAMES.withoutLogIn())) {
            ForeignAuthority authority = ForeignAuthority.in(world, COMMON_NAMES);
            ApiSession session =
                    world.login(authority.leaf(identity.externalId())).session();

            authority.change(terms);

            assertEnds(session);
        }
        ForeignAuthority authority = ForeignAuthority.in(world, COMMON_NAMES);
        ApiSession session = world.login(authority.leaf(identity.externalId())).session();

        authority.remove();

        assertEnds(session);
    }

    @Test
    void aDisabledIdentityNeitherLogsInNorKeepsTheSession() {
        ForeignAuthority authority = ForeignAuthority.in(world, COMMON_NAMES);
        Identity identity = known();
        PresentedCertificates presented = authority.leaf(identity.externalId());
        ApiSession session = world.login(presented).session();

        world.replace(Identities.TYPE, now(identity), now(identity).withDisabled(Instant.now(), null));

        assertEnds(session);
        assertRefused(presented);
    }
}
