package io.zitipekko.actors.enrollment;

import static io.zitipekko.actors.enrollment.EnrollmentAssertions.SOURCE;
import static io.zitipekko.actors.enrollment.EnrollmentAssertions.assertRefused;
import static io.zitipekko.actors.session.SessionWorld.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.enrollment.EnrollmentException.Code;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.entity.ExternalIdClaim;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.session.ForeignAuthority;
import io.zitipekko.actors.session.ForeignAuthority.Terms;
import io.zitipekko.actors.session.SessionWorld;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Enrolment with certificates of somebody else's authority: methods {@code ottca} and {@code ca}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThirdPartyEnrollmentsTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MANY = 1_000;
    private static final Terms BY_TOKEN = Terms.LOG_IN.enrolling(true, false);
    private static final Terms BY_ITSELF = Terms.LOG_IN.enrolling(false, true);

    private final AtomicInteger made = new AtomicInteger();
    private SessionWorld world;
    private Enrollments enrollments;

    @BeforeAll
    void start() {
        world = new SessionWorld(Duration.ofHours(1));
        enrollments = world.sessions.enrollments();
    }

    @AfterAll
    void stop() {
        world.close();
    }

    private ForeignAuthority authority(Terms terms) {
        return ForeignAuthority.in(world, terms);
    }

    private IdentityId identity() {
        String id = "identity-" + made.incrementAndGet();
        world.put(Samples.put(Samples.identity(id)));
        return new IdentityId(id);
    }

    private Enrollment invitation(IdentityId identity, ForeignAuthority authority) {
        Enrollment enrollment =
                enrollments.prepareOttCa(identity, authority.ca().id(), null);
        world.put(Samples.put(enrollment));
        return enrollment;
    }

    private Identity made(IdentityId id) {
        return world.model.view().get(Identities.TYPE, id).orElseThrow();
    }

    @Test
    void aTokenAndACertificateOfItsAuthorityMakeTheAuthenticatorOnceAndItLogsIn() {
        ForeignAuthority authority = authority(BY_TOKEN);
        IdentityId identity = identity();
        Enrollment invitation = invitation(identity, authority);
        PresentedCertificates leaf = authority.leaf("anybody");

        assertThat(get(enrollments.enrollOttCa(invitation.token(), leaf, SOURCE)))
                .isEqualTo(identity);

        assertThat(world.login(leaf).session().caId()).isEqualTo(authority.ca().id());
        assertThat(world.model.view().findAll(Authenticators.TYPE, Authenticators.BY_IDENTITY, identity.value()))
                .singleElement()
                .satisfies(it -> assertThat(it.credential())
                        .isInstanceOfSatisfying(Authenticator.Certificate.class, certificate -> assertThat(
                                        certificate.issuedByNetwork())
                                .isFalse()));
        assertRefused(
                () -> get(enrollments.enrollOttCa(invitation.token(), authority.leaf("again"), SOURCE)),
                Code.INVALID_ENROLLMENT_TOKEN);
    }

    @Test
    void aTokenNamesTheAuthorityAndNoOtherWillDo() {
        ForeignAuthority named = authority(BY_TOKEN);
        ForeignAuthority other = authority(BY_TOKEN);
        Enrollment invitation = invitation(identity(), named);

        assertRefused(
                () -> get(enrollments.enrollOttCa(invitation.token(), other.leaf("x"), SOURCE)),
                Code.CERT_FAILED_VALIDATION);
        assertRefused(
                () -> get(enrollments.enrollOttCa(invitation.token(), PresentedCertificates.NONE, SOURCE)),
                Code.CERT_FAILED_VALIDATION);
        X509Certificate strangers = other.leaf("x").chain().get(0);
        X509Certificate genuine = named.leaf("y").chain().get(0);
        assertRefused(
                () -> get(enrollments.enrollOttCa(
                        invitation.token(), new PresentedCertificates(List.of(strangers, genuine)), SOURCE)),
                Code.CERT_FAILED_VALIDATION);
        assertRefused(() -> get(enrollments.enrollOtt(invitation.token(), "csr", SOURCE)), Code.INVALID_ENROLL_METHOD);
        get(enrollments.enrollOttCa(invitation.token(), named.leaf("z"), SOURCE));
    }

    @Test
    void aCertificateForServersOrOneThatSomebodyHasEnrollsNobody() {
        ForeignAuthority authority = authority(Terms.LOG_IN.enrolling(true, true));
        Enrollment invitation = invitation(identity(), authority);
        PresentedCertificates server = new PresentedCertificates(List.of(authority
                .signs()
                .issueServer(
                        CertificateSubject.of("server", KeyPairs.p256().getPublic(), AlternativeNames.NONE), DAY)));
        PresentedCertificates taken = authority.leaf("taken");
        get(enrollments.enrollCa(taken, null, SOURCE));

        assertRefused(
                () -> get(enrollments.enrollOttCa(invitation.token(), server, SOURCE)), Code.CERT_FAILED_VALIDATION);
        assertRefused(() -> get(enrollments.enrollCa(server, null, SOURCE)), Code.CERT_FAILED_VALIDATION);
        assertRefused(() -> get(enrollments.enrollOttCa(invitation.token(), taken, SOURCE)), Code.CERT_IN_USE);
        assertRefused(() -> get(enrollments.enrollCa(taken, null, SOURCE)), Code.CERT_IN_USE);
    }

    @Test
    void anAuthorityThatIsNotVerifiedOrMayNotEnrollsNobody() {
        ForeignAuthority unverified =
                authority(Terms.LOG_IN.enrolling(true, true).unverified());
        ForeignAuthority forbidden = authority(Terms.LOG_IN);
        authority(BY_ITSELF);

        for (ForeignAuthority authority : List.of(unverified, forbidden)) {
            Enrollment invitation = invitation(identity(), authority);
            assertRefused(
                    () -> get(enrollments.enrollOttCa(invitation.token(), authority.leaf("x"), SOURCE)),
                    Code.ENROLLMENT_CA_NOT_VALID);
            assertRefused(
                    () -> get(enrollments.enrollCa(authority.leaf("x"), null, SOURCE)), Code.CERT_FAILED_VALIDATION);
        }
    }

    private Authenticator authenticatorOf(IdentityId identity) {
        return world.model
                .view()
                .findAll(Authenticators.TYPE, Authenticators.BY_IDENTITY, identity.value())
                .get(0);
    }

    @Test
    void whatCameWithACertificateOfItsIsEnrolledAnewWithOne() {
        ForeignAuthority authority = authority(BY_TOKEN);
        authority(BY_TOKEN);
        IdentityId identity = identity();
        get(enrollments.enrollOttCa(invitation(identity, authority).token(), authority.leaf("first"), SOURCE));

        Enrollment again = enrollments.prepareAgain(authenticatorOf(identity), null);

        assertThat(again.method()).isEqualTo("ottca");
        assertThat(again.caId()).isEqualTo(authority.ca().id());
        assertThat(again.identityId()).isEqualTo(identity);
        world.delete(Authenticators.TYPE, authenticatorOf(identity).id().value());
        world.put(Samples.put(again));
        PresentedCertificates second = authority.leaf("second");
        get(enrollments.enrollOttCa(again.token(), second, SOURCE));
        assertThat(world.login(second).identity().id()).isEqualTo(identity);
    }

    @Test
    void whatCameWithAnotherCertificateOrOneOfAnAuthorityThatIsGoneIsEnrolledAnewByTheNetwork() {
        ForeignAuthority authority = authority(BY_TOKEN);
        IdentityId identity = identity();
        get(enrollments.enrollOttCa(invitation(identity, authority).token(), authority.leaf("first"), SOURCE));
        IdentityId own = identity();
        world.certificateFor(own.value());

        authority.remove();

        assertThat(enrollments.prepareAgain(authenticatorOf(identity), null).method())
                .isEqualTo("ott");
        assertThat(enrollments.prepareAgain(authenticatorOf(own), null).method())
                .isEqualTo("ott");
    }

    @Test
    void itsTokensGoWithTheAuthority() {
        ForeignAuthority authority = authority(BY_TOKEN);
        Enrollment invitation = invitation(identity(), authority);

        authority.remove();

        assertRefused(
                () -> get(enrollments.enrollOttCa(invitation.token(), authority.leaf("x"), SOURCE)),
                Code.INVALID_ENROLLMENT_TOKEN);
    }

    @Test
    void itsTokensGoWithTheAuthorityAtOnceHoweverManyThereAre() {
        ForeignAuthority authority = authority(BY_TOKEN);
        List<Enrollment> invitations = IntStream.range(0, MANY)
                .mapToObj(i -> enrollments.prepareOttCa(
                        new IdentityId("guest-" + i), authority.ca().id(), null))
                .toList();
        world.put(IntStream.range(0, MANY)
                .mapToObj(i -> Samples.put(Samples.identity("guest-" + i)))
                .toArray(Change[]::new));
        world.put(invitations.stream().map(Samples::put).toArray(Change[]::new));

        authority.remove();

        for (Enrollment invitation : invitations) {
            assertRefused(() -> enrollments.checkMethod(invitation.token(), "ottca"), Code.INVALID_ENROLLMENT_TOKEN);
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(world.model
                        .view()
                        .findAll(
                                io.zitipekko.actors.model.type.Enrollments.TYPE,
                                io.zitipekko.actors.model.type.Enrollments.BY_CA,
                                authority.id()))
                .isEmpty());
    }

    @Test
    void aCertificateMakesAnIdentityWithTheNameAndRolesThatTheAuthoritySays() {
        ForeignAuthority authority = authority(BY_ITSELF.naming("[caName]/[caId]/[commonName]/[requestedName]"));
        PresentedCertificates leaf = authority.leaf("[identityId]");

        Identity identity = made(get(enrollments.enrollCa(leaf, "wanted", SOURCE)));

        String name = authority.ca().name();
        assertThat(identity.name())
                .as("what a certificate says is not looked at for words")
                .isEqualTo(name + "/" + name + "/[identityId]/wanted");
        assertThat(identity.roleAttributes()).containsExactly("made");
        assertThat(identity.admin()).isFalse();
        assertThat(identity.externalId()).isNull();
        assertThat(world.login(leaf).identity().id()).isEqualTo(identity.id());
    }

    @Test
    void namesakesAreNumberedThoseThatComeAtTheSameTimeToo() {
        ForeignAuthority authority = authority(BY_ITSELF.naming("[commonName]"));

        List<String> names = IntStream.range(0, 3)
                .mapToObj(i -> enrollments.enrollCa(authority.leaf("namesake"), null, SOURCE))
                .toList()
                .stream()
                .map(enrolled -> made(get(enrolled)).name())
                .toList();

        assertThat(names).containsExactlyInAnyOrder("namesake", "namesake000001", "namesake000002");
    }

    @Test
    void theExternalIdIsWhereTheClaimSaysAndOneWithoutItIsRefused() {
        ForeignAuthority authority = authority(BY_ITSELF.claiming(new ExternalIdClaim(
                ExternalIdClaim.Location.SAN_URI,
                ExternalIdClaim.Matcher.SCHEME,
                "spiffe",
                ExternalIdClaim.Parser.SPLIT,
                "/",
                4)));
        AlternativeNames names = new AlternativeNames(
                List.of(), List.of(), List.of("https://a/b/c/d/e", "spiffe://domain/device/d-17"), List.of());

        Identity identity = made(get(enrollments.enrollCa(authority.leaf("device", names), null, SOURCE)));

        assertThat(identity.externalId()).isEqualTo("d-17");
        assertRefused(
                () -> get(enrollments.enrollCa(authority.leaf("nameless"), null, SOURCE)), Code.CERT_FAILED_VALIDATION);
    }
}
