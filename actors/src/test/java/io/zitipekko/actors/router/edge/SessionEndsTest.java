package io.zitipekko.actors.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.identity.TrustAnchors;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sessions that end by themselves, are renewed, or lose the certificate they were opened with. No controller is asked. */
final class SessionEndsTest extends EdgeTestBase {
    private static final Duration HOUR = Duration.ofHours(1);

    private String accessToken(String session, Duration lifetime) {
        return world.accessToken(
                session, "client", world.clientLeaf, world.clock.instant().plus(lifetime));
    }

    private TestSdk opened(String token, X509Certificate leaf) {
        TestSdk sdk = world.dialRouter.open(token, leaf);
        sdk.connect(1, "");
        assertThat(sdk.channel.isClosed()).isFalse();
        return sdk;
    }

    private static Message updateToken(TestSdk sdk, String token) {
        return sdk.request(Message.of(EdgeContentType.UPDATE_TOKEN, Headers.EMPTY, token));
    }

    private static void assertRefusedAndClosed(TestSdk sdk, Message answer, int code, String text) {
        assertThat(answer.contentType()).isEqualTo(EdgeContentType.UPDATE_TOKEN_FAILURE);
        assertThat(answer.headers().int32(EdgeHeader.ERROR_CODE)).hasValue(code);
        assertThat(answer.bodyText()).isEqualTo("code: " + code + ", message: " + text);
        awaitClosed(sdk);
    }

    @Test
    void theChannelEndsWithItsAccessToken() {
        TestSdk sdk = opened(accessToken("as-oidc", HOUR), world.clientLeaf);

        world.clock.advance(HOUR.plusSeconds(1));

        awaitClosed(sdk);
    }

    /** An actor's own timers tick every ten milliseconds, and round up. */
    @Test
    void theEndIsKeptToTheMillisecond() {
        Instant end = world.clock.instant().plus(HOUR).truncatedTo(ChronoUnit.SECONDS);
        TestSdk sdk = opened(accessToken("as-oidc", HOUR), world.clientLeaf);
        world.clock.advance(Duration.between(world.clock.instant(), end).minusMillis(950));
        // Whoever comes has it looked again, which it is every second otherwise.
        opened(accessToken("as-other", HOUR), world.clientLeaf);

        List<Duration> off = new ArrayList<>();
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            Instant now = world.clock.instant();
            world.timers
                    .getQueue()
                    .forEach(task -> off.add(
                            Duration.between(end, now.plusNanos(((Delayed) task).getDelay(TimeUnit.NANOSECONDS)))));
            return sdk.channel.isClosed();
        });

        assertThat(off).anyMatch(late -> late.abs().compareTo(Duration.ofMillis(1)) < 0);
    }

    @Test
    void aFreshTokenKeepsAllChannelsOfItsSession() {
        TestSdk sdk = opened(accessToken("as-oidc", HOUR), world.clientLeaf);
        TestSdk second = opened(accessToken("as-oidc", HOUR), world.clientLeaf);
        TestSdk other = opened(accessToken("as-other", HOUR), world.clientLeaf);

        Message answer = updateToken(sdk, accessToken("as-oidc", HOUR.multipliedBy(3)));
        world.clock.advance(HOUR.plusSeconds(1));

        assertThat(answer.contentType()).isEqualTo(EdgeContentType.UPDATE_TOKEN_SUCCESS);
        awaitClosed(other);
        assertThat(sdk.channel.isClosed()).isFalse();
        assertThat(second.channel.isClosed()).isFalse();
    }

    @Test
    void aTokenOfAnotherSessionIsNoFreshOne() {
        TestSdk sdk = opened(accessToken("as-oidc", HOUR), world.clientLeaf);

        assertRefusedAndClosed(
                sdk,
                updateToken(sdk, accessToken("as-other", HOUR)),
                2,
                "invalid token, API session id does not match");
    }

    @Test
    void anExpiredTokenIsNoFreshOne() {
        TestSdk sdk = opened(accessToken("as-oidc", HOUR), world.clientLeaf);

        assertRefusedAndClosed(
                sdk, updateToken(sdk, accessToken("as-oidc", HOUR.negated())), 2, "invalid token, invalid signature");
    }

    @Test
    void garbageIsNoFreshToken() {
        TestSdk sdk = opened(accessToken("as-oidc", HOUR), world.clientLeaf);

        assertRefusedAndClosed(sdk, updateToken(sdk, "garbage"), 2, "invalid token, could not be parsed");
    }

    @Test
    void aFreshTokenHelpsNobodyWhoseAuthorityWasWithdrawnAMomentAgo() {
        TestSdk sdk = opened(accessToken("as-oidc", HOUR), world.clientLeaf);

        world.model.anchors(TrustAnchors.none());

        assertRefusedAndClosed(
                sdk,
                updateToken(sdk, accessToken("as-oidc", HOUR.multipliedBy(3))),
                2,
                "client certificate is not trusted any more");
    }

    @Test
    void aLegacySessionHasNoTokenToRenew() {
        TestSdk sdk = opened("client-token", world.clientLeaf);

        assertRefusedAndClosed(
                sdk,
                updateToken(sdk, accessToken("as-client", HOUR)),
                12,
                "the connection was not authenticated by a JWT bearer token");
    }

    @Test
    void aCertificateTakenOffItsSessionEndsItsOwnChannelOnly() {
        world.dialRouter.announce("as-client", "client-token", "client", world.clientLeaf, world.hostLeaf);
        TestSdk stays = opened("client-token", world.clientLeaf);
        TestSdk ends = opened("client-token", world.hostLeaf);

        world.dialRouter.announce("as-client", "client-token", "client", world.clientLeaf);

        awaitClosed(ends);
        assertThat(stays.channel.isClosed()).isFalse();
        awaitClosed(world.dialRouter.open("client-token", world.hostLeaf));
    }

    @Test
    void anApiSessionCertificateEndsAtItsOwnEnd() {
        X509Certificate leaf = world.leafOf("/identity/client/apiSession/as-client/apiSessionCertificate/c1");
        world.dialRouter.announce("as-client", "client-token", "client", world.clientLeaf, leaf);
        TestSdk byIdentity = opened("client-token", world.leafOf("/identity/client"));
        TestSdk bySession = opened("client-token", leaf);
        TestSdk enrolled = opened("client-token", world.clientLeaf);

        world.clock.advance(EdgeWorld.DAY.plusSeconds(1));

        awaitClosed(byIdentity);
        awaitClosed(bySession);
        assertThat(enrolled.channel.isClosed())
                .as("whether an enrolled one may outlive its dates, its policy says at the controllers")
                .isFalse();
    }

    @Test
    void aCertificateWhoseAuthorityIsTrustedNoMoreEndsItsChannel() {
        TestSdk sdk = opened("client-token", world.clientLeaf);

        world.model.anchors(TrustAnchors.none());
        world.model.changed(RouterDataModel.Change.EVERYTHING);

        awaitClosed(sdk);
    }
}
