package io.zitipekko.actors.router.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.actors.router.RefusalReporter;
import io.zitipekko.actors.router.SilentControllers;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Hello;
import io.zitipekko.transport.channel.HelloAnswer;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.Results;
import io.zitipekko.transport.control.proto.VerifyRouter;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.link.LinkHeaders;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import io.zitipekko.transport.tls.TlsPeer;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who may have a link with this router, by the certificate whose key was proved and by nothing else. */
final class LinkAcceptorTest {
    private static final RouterId SELF = new RouterId("r1");
    private static final CertificateAuthority AUTHORITY = authority(Instant.now());
    private static final X509Certificate LEAF = leaf(AUTHORITY, "r2");
    private static final X509Certificate OTHER = leaf(AUTHORITY, "r3");

    private static ActorTestKit kit;

    private final Map<RouterId, RouterVerifier.Known> pushed = new ConcurrentHashMap<>();
    private final List<VerifyRouter> asked = new ArrayList<>();
    private final TestProbe<LinkRegistry.Command> registry = kit.createTestProbe(LinkRegistry.Command.class);
    private final LinkAcceptor acceptor = new LinkAcceptor(
            SELF,
            "",
            LinkAcceptorTest::own,
            new RouterVerifier(id -> Optional.ofNullable(pushed.get(id)), new Controllers()),
            registry.ref(),
            new RefusalReporter(new Controllers(), Clock.systemUTC()),
            Clock.systemUTC());

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create();
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    private static CertificateAuthority authority(Instant made) {
        return CertificateAuthority.selfSignedRoot(
                CertificateSubject.commonName("root"),
                KeyPairs.p256(),
                "test",
                Duration.ofDays(100),
                Clock.fixed(made, ZoneOffset.UTC));
    }

    private static X509Certificate leaf(CertificateAuthority by, String router) {
        return by.issueClient(
                CertificateSubject.of(router, KeyPairs.p256().getPublic(), AlternativeNames.NONE), Duration.ofDays(1));
    }

    private static Identity own() {
        KeyPair keys = KeyPairs.p256();
        X509Certificate own = AUTHORITY.issueClient(
                CertificateSubject.of("r1", keys.getPublic(), AlternativeNames.NONE), Duration.ofDays(1));
        return Identity.of(
                List.of(own), keys.getPrivate(), List.of(), TrustAnchors.of(List.of(AUTHORITY.certificate())));
    }

    private static Headers.Builder headers() {
        return Headers.builder()
                .string(LinkHeaders.ROUTER_ID, "r2")
                .string(LinkHeaders.DIALED_ROUTER_ID, "r1")
                .string(LinkHeaders.LINK_ID, "link-1");
    }

    private static TlsPeer peer(X509Certificate... chain) {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 1);
        return new TlsPeer(address, address, "ziti-link", new PresentedCertificates(List.of(chain)));
    }

    private HelloAnswer hello(Headers headers, X509Certificate... chain) {
        return acceptor.onHello(new Hello("link-1", headers), peer(chain))
                .toCompletableFuture()
                .join();
    }

    private void assertDropped(Headers headers, X509Certificate... chain) {
        assertThat(hello(headers, chain)).isInstanceOf(HelloAnswer.Drop.class);
    }

    private static RouterVerifier.Known known(X509Certificate leaf, boolean disabled) {
        return new RouterVerifier.Known(Fingerprint.of(leaf), disabled);
    }

    /** Opens a link whose hello was accepted; what became of it. */
    private FakeChannel open(String claimed, X509Certificate... chain) {
        Headers headers = headers().string(LinkHeaders.ROUTER_ID, claimed).build();
        assertThat(hello(headers, chain)).isInstanceOf(HelloAnswer.Accept.class);
        FakeChannel channel = new FakeChannel(new LinkHandler(registry.ref(), reason -> {}), peer(chain));
        acceptor.onChannel(channel, new Hello("link-1", headers));
        return channel;
    }

    @Test
    void theRouterThatItsCertificateWasEnrolledForMayHaveALink() {
        pushed.put(new RouterId("r2"), known(LEAF, false));

        FakeChannel channel = open("r2", LEAF);

        registry.expectMessageClass(LinkRegistry.Up.class);
        assertThat(channel.isClosed()).isFalse();
        assertThat(asked).as("what was pushed is enough").isEmpty();
    }

    @Test
    @DisplayName("GHSA-mrpr-756c-xm47: any presented certificate could vouch for the leaf")
    void aStrangersLeafIsDroppedWhateverFollowsIt() {
        CertificateAuthority foreign = authority(Instant.now());
        X509Certificate strange = leaf(foreign, "r2");

        assertDropped(headers().build(), strange);
        assertDropped(headers().build(), strange, LEAF);
        assertDropped(headers().build(), strange, LEAF, AUTHORITY.certificate());
        assertDropped(headers().build(), strange, AUTHORITY.certificate());
        assertDropped(headers().build());
    }

    @Test
    @DisplayName("GHSA-hhm9-wf63-g7qj: a router's identity was looked for in any certificate of the chain")
    void aRouterCannotClaimToBeTheOneWhoseCertificateItAddsToItsChain() throws Exception {
        pushed.put(new RouterId("r2"), known(LEAF, false));
        pushed.put(new RouterId("r3"), known(OTHER, false));

        FakeChannel channel = open("r2", OTHER, LEAF);

        assertThat(channel.reason).contains("could not verify");
        registry.expectNoMessage();
        assertThat(asked).singleElement().satisfies(question -> assertThat(question.getFingerprintsList())
                .as("the leaf alone")
                .containsExactly(Fingerprint.of(OTHER).hex()));
    }

    @Test
    void aDisabledRouterGetsNoLinkAlsoWhenNoControllerCanBeAsked() {
        pushed.put(new RouterId("r2"), known(LEAF, true));

        assertThat(open("r2", LEAF).reason).contains("is disabled");
        registry.expectNoMessage();
        assertThat(asked).isEmpty();
    }

    @Test
    void aRouterThatNobodyKnowsGetsNoLink() {
        assertThat(open("r2", LEAF).reason).contains("could not verify");
        registry.expectNoMessage();
    }

    @Test
    void certificatesThatAreNotValidNowAreDropped() {
        for (Instant made :
                List.of(Instant.now().minus(Duration.ofDays(50)), Instant.now().plus(Duration.ofDays(2)))) {
            CertificateAuthority at = authority(made);
            X509Certificate leaf = leaf(at, "r2");
            LinkAcceptor trusting = new LinkAcceptor(
                    SELF,
                    "",
                    () -> {
                        KeyPair keys = KeyPairs.p256();
                        return Identity.of(
                                List.of(leaf(at, "r1")),
                                keys.getPrivate(),
                                List.of(),
                                TrustAnchors.of(List.of(at.certificate())));
                    },
                    new RouterVerifier(id -> Optional.of(known(leaf, false)), new Controllers()),
                    registry.ref(),
                    new RefusalReporter(new Controllers(), Clock.systemUTC()),
                    Clock.systemUTC());

            assertThat(trusting.onHello(new Hello("l", headers().build()), peer(leaf))
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(HelloAnswer.Drop.class);
        }
    }

    @Test
    void hellosThatMeanAnotherRouterOrNameNobodyAreDropped() {
        assertDropped(headers().string(LinkHeaders.DIALED_ROUTER_ID, "r9").build(), LEAF);
        assertDropped(headers().remove(LinkHeaders.ROUTER_ID).build(), LEAF);
        assertDropped(headers().string(LinkHeaders.ROUTER_ID, " ").build(), LEAF);
        assertDropped(headers().string(LinkHeaders.ROUTER_ID, "r".repeat(256)).build(), LEAF);
        assertDropped(headers().string(LinkHeaders.LINK_ID, "l".repeat(256)).build(), LEAF);
    }

    /** They know no router but those that were pushed. */
    private final class Controllers extends SilentControllers {
        @Override
        public CompletionStage<Message> request(
                ControllerPreference preference, Lane lane, Message message, Duration timeout) {
            try {
                asked.add(VerifyRouter.parseFrom(message.bodyBytes()));
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
            return CompletableFuture.completedFuture(Results.failure("could not verify fingerprint"));
        }
    }
}
