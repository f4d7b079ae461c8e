package io.zitipekko.actors.router.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.transport.edge.EdgeContentType;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which Hellos become channels, and which are closed again. */
final class EdgeHellosTest extends EdgeTestBase {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void helloWithoutATokenIsAcceptedAndThenClosed() {
        TestSdk sdk = world.dialRouter.open(null, world.clientLeaf);

        awaitClosed(sdk);
    }

    @Test
    void unknownTokenIsClosedAfterTheLookUpTime() {
        TestSdk sdk = world.dialRouter.open("nobody", world.clientLeaf);

        awaitClosed(sdk);
        assertThat(world.dialRouter.edge.channelCount()).isZero();
    }

    @Test
    void garbageThatLooksLikeAnAccessTokenIsClosed() {
        awaitClosed(world.dialRouter.open("eyJhbGciOiJub25lIn0.e30.", world.clientLeaf));
    }

    @Test
    void accessTokenOfAControllerIsAccepted() {
        TestSdk sdk = world.dialRouter.open(accessToken("client", HOUR), world.clientLeaf);

        sdk.connect(1, "");
        assertThat(sdk.channel.isClosed()).isFalse();
    }

    @Test
    void accessTokenWhoseKeyArrivesAfterTheHelloIsAccepted() {
        world.model.removeJwtKey(world.kid);
        TestSdk sdk = world.dialRouter.open(accessToken("client", HOUR), world.clientLeaf);

        world.model.jwtKey(world.kid, world.signing.getPublic());

        sdk.connect(1, "");
        assertThat(sdk.channel.isClosed()).isFalse();
    }

    @Test
    void accessTokenWithACertificateOfSomebodyElseIsClosed() {
        awaitClosed(world.dialRouter.open(accessToken("client", HOUR), world.hostLeaf));
    }

    @Test
    void accessTokenThatHasExpiredIsClosed() {
        awaitClosed(world.dialRouter.open(accessToken("client", HOUR.negated()), world.clientLeaf));
    }

    @Test
    void accessTokenOfARevokedSessionClosesItsChannel() {
        TestSdk sdk = world.dialRouter.open(accessToken("client", HOUR), world.clientLeaf);
        sdk.connect(1, "");

        world.model.revokeApiSession("as-oidc");

        awaitClosed(sdk);
    }

    private String accessToken(String identity, Duration lifetime) {
        return world.accessToken(
                "as-oidc", identity, world.clientLeaf, Instant.now().plus(lifetime));
    }

    @Test
    void serviceSessionTokenInAHelloIsClosed() {
        awaitClosed(world.dialRouter.open(world.dialToken(), world.clientLeaf));
    }

    @Test
    @DisplayName("CVE-2024-1052: a session could be taken over with another certificate")
    void certificateOfAnotherIdentityIsClosed() {
        awaitClosed(world.dialRouter.open("client-token", world.hostLeaf));
    }

    @Test
    void firstUnderlayForControlOnlyIsClosed() {
        awaitClosed(world.dialRouter.open("client-token", world.clientLeaf, "edge.control"));
    }

    @Test
    void sessionThatIsAnnouncedAfterTheHelloIsAccepted() {
        TestSdk sdk = world.dialRouter.open("late-token", world.clientLeaf);

        world.dialRouter.announce("as-late", "late-token", "client", world.clientLeaf);

        assertThat(sdk.connect(1, "").contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        assertThat(sdk.channel.isClosed()).isFalse();
    }

    @Test
    void certificateThatJoinsItsSessionAfterTheHelloIsAccepted() {
        TestSdk sdk = world.dialRouter.open("client-token", world.hostLeaf);

        world.dialRouter.announce("as-client", "client-token", "client", world.clientLeaf, world.hostLeaf);

        sdk.connect(1, "");
        assertThat(sdk.channel.isClosed()).isFalse();
    }

    @Test
    void certificateOfTheIdentityItselfIsAccepted() {
        TestSdk sdk = world.dialRouter.open("client-token", world.leafOf("/identity/client"));

        sdk.connect(1, "");
        assertThat(sdk.channel.isClosed()).isFalse();
    }

    @Test
    void certificateOfTheSessionIsAcceptedOnceTheSessionListsIt() {
        X509Certificate leaf = world.leafOf("/identity/client/apiSession/as-client/apiSessionCertificate/c1");
        awaitClosed(world.dialRouter.open("client-token", leaf));
        TestSdk sdk = world.dialRouter.open("client-token", leaf);

        world.dialRouter.announce("as-client", "client-token", "client", world.clientLeaf, leaf);

        sdk.connect(1, "");
        assertThat(sdk.channel.isClosed()).isFalse();
    }

    @Test
    void certificateThatNamesAnotherSessionIsClosed() {
        awaitClosed(world.dialRouter.open(
                "client-token", world.leafOf("/identity/client/apiSession/as-other/apiSessionCertificate/c1")));
        awaitClosed(world.dialRouter.open("client-token", world.leafOf("/identity/client2")));
        awaitClosed(world.dialRouter.open("client-token", world.leafOf("/identity/client/apiSession")));
    }
}
