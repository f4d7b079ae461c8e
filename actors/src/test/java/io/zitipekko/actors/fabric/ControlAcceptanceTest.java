package io.zitipekko.actors.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.event.AccessRefused;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.Hello;
import io.zitipekko.transport.channel.HelloAnswer;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ControlAcceptanceTest {
    private final TestFabric network = new TestFabric();
    private final FakeRouter router = network.enroll("r1");

    @AfterEach
    void stop() {
        network.close();
    }

    @Test
    void enrolledRouterIsAcceptedWithVersionAndCapabilities() {
        HelloAnswer.Accept answer = (HelloAnswer.Accept) router.hello();

        assertThat(answer.resultHeaders()
                        .string(ChannelHeaders.HELLO_VERSION)
                        .orElseThrow()
                        .split("\\|"))
                .hasSize(5);
        assertThat(answer.resultHeaders().mask(ControlHeader.CAPABILITIES)).isEqualTo(BigInteger.valueOf(0x7e));
        assertThat(answer.resultHeaders().mask(ControlHeader.LEGACY_CAPABILITIES))
                .isEqualTo(BigInteger.valueOf(0x7e));
        assertThat(answer.proven()).contains("r1");
    }

    @Test
    void unknownRouterIdIsDropped() {
        assertDropped(new Hello("nobody", router.helloHeaders().build()), router.leaf);
        assertDropped(new Hello("", router.helloHeaders().build()), router.leaf);
    }

    @Test
    void anotherRoutersCertificateIsDropped() {
        FakeRouter other = network.enroll("r2");

        assertDropped(new Hello("r1", router.helloHeaders().build()), other.leaf);
    }

    @Test
    @DisplayName("GHSA-cc5m-7mhm-xh9f: a channel type in the hello skipped the check of the router")
    void anyClaimedTypeTakesTheWholeCheck() {
        X509Certificate foreign = foreign("r1");
        for (String type : List.of("ctrl.default", "ctrl.high", "ctrl.mesh", "made.up", "")) {
            Hello hello = new Hello(
                    "r1",
                    router.helloHeaders().string(ChannelHeaders.TYPE, type).build());
            assertDropped(hello, foreign);
        }
        assertDropped(new Hello("r1", router.helloHeaders().build()));
    }

    @Test
    void meshIsNotServedEvenToARouter() {
        assertDropped(
                new Hello(
                        "r1",
                        router.helloHeaders()
                                .string(ChannelHeaders.TYPE, "ctrl.mesh")
                                .build()),
                router.leaf);
    }

    @Test
    @DisplayName("GHSA-mrpr-756c-xm47: any presented certificate could vouch for the leaf")
    void trustedCertificateAmongForeignOnesProvesNothing() {
        X509Certificate foreign = foreign("r1");

        assertDropped(new Hello("r1", router.helloHeaders().build()), foreign, router.leaf);
    }

    @Test
    void disabledAndUnenrolledRoutersAreDropped() {
        EdgeRouter enrolled = network.router("r1");
        network.change(Samples.replace(EdgeRouters.TYPE, enrolled, disabled(enrolled)));
        assertDropped(new Hello("r1", router.helloHeaders().build()), router.leaf);

        EdgeRouter unenrolled = unenrolled(disabled(enrolled));
        network.change(Samples.replace(EdgeRouters.TYPE, disabled(enrolled), unenrolled));
        assertDropped(new Hello("r1", router.helloHeaders().build()), router.leaf);
    }

    @Test
    void secondConnectionIsRefusedWhileTheFirstIsYoungAndEndsBothLater() {
        router.connect();
        FakeChannel first = router.channel();

        assertThat(router.hello()).isInstanceOf(HelloAnswer.Drop.class);

        network.clock.advance(Duration.ofMinutes(2));
        Hello hello = new Hello("r1", router.helloHeaders().build());
        assertThat(router.hello()).isInstanceOf(HelloAnswer.Accept.class);
        FakeChannel second = router.open(hello);
        assertThat(first.isClosed()).isTrue();
        assertThat(second.isClosed()).isTrue();

        assertThat(router.open(hello).isClosed()).as("the place is free now").isFalse();
    }

    @Test
    void joiningUnderlayIsCheckedLikeTheFirstButNotForChurn() {
        router.connect();
        Hello join = new Hello(
                "r1",
                router.helloHeaders()
                        .remove(ChannelHeaders.IS_FIRST_GROUP_CONNECTION)
                        .build());

        assertThat(router.hello(join, router.peer(router.leaf))).isInstanceOf(HelloAnswer.Accept.class);
        assertDropped(join, foreign("r1"));
    }

    @Test
    void helloWithoutAReadableVersionIsClosedAfterItsResult() {
        for (String version : List.of("v2.1.0|x|y", "sometext|a|b|c|d")) {
            FakeChannel channel = router.open(new Hello(
                    "r1",
                    router.helloHeaders()
                            .string(ChannelHeaders.HELLO_VERSION, version)
                            .build()));
            assertThat(channel.isClosed()).isTrue();
        }
        assertThat(network.directory().router(new RouterId("r1"))).isEmpty();
    }

    @Test
    void disablingDeletingOrReenrollingClosesTheChannel() {
        router.connect();
        EdgeRouter enrolled = network.router("r1");
        network.change(Samples.replace(EdgeRouters.TYPE, enrolled, disabled(enrolled)));
        awaitClosed(router);

        FakeRouter second = network.connect("r2");
        network.change(Samples.replace(EdgeRouters.TYPE, network.router("r2"), unenrolled(network.router("r2"))));
        awaitClosed(second);

        FakeRouter third = network.connect("r3");
        network.change(Samples.delete(EdgeRouters.TYPE, "r3"));
        awaitClosed(third);
    }

    @Test
    void refusalIsAnEventThatSaysWhy() {
        List<AccessRefused> refusals = new ArrayList<>();
        network.events.subscribe(AccessRefused.class, refusals::add);

        assertDropped(new Hello("nobody", router.helloHeaders().build()), router.leaf);

        assertThat(refusals).singleElement().satisfies(e -> {
            assertThat(e.subject()).contains("nobody");
            assertThat(e.from()).contains(":");
            assertThat(e.reason()).contains("no such router");
        });
    }

    private void awaitClosed(FakeRouter closed) {
        await().until(() -> closed.channel().isClosed());
        await().until(() -> network.directory().router(new RouterId(closed.id)).isEmpty());
    }

    private void assertDropped(Hello hello, X509Certificate... chain) {
        assertThat(router.hello(hello, router.peer(chain))).isInstanceOf(HelloAnswer.Drop.class);
    }

    private static X509Certificate foreign(String name) {
        CertificateAuthority other = TestFabric.newAuthority();
        return other.issueClient(
                CertificateSubject.of(name, TestFabric.newKeys().getPublic(), AlternativeNames.NONE),
                Duration.ofDays(1));
    }

    static EdgeRouter disabled(EdgeRouter r) {
        return new EdgeRouter(
                r.id(),
                r.meta(),
                r.name(),
                r.roleAttributes(),
                r.tunnelerEnabled(),
                r.cost(),
                r.noTraversal(),
                true,
                r.appData(),
                r.configs(),
                r.ctrlChanListeners(),
                r.verified(),
                r.fingerprint(),
                r.certPem(),
                r.unverifiedFingerprint(),
                r.unverifiedCertPem());
    }

    static EdgeRouter unenrolled(EdgeRouter r) {
        return new EdgeRouter(
                r.id(),
                r.meta(),
                r.name(),
                r.roleAttributes(),
                r.tunnelerEnabled(),
                r.cost(),
                r.noTraversal(),
                r.disabled(),
                r.appData(),
                r.configs(),
                r.ctrlChanListeners(),
                false,
                null,
                null,
                null,
                null);
    }
}
