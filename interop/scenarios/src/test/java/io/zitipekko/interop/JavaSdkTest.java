package io.zitipekko.interop;

import static io.zitipekko.interop.SharedNetwork.CLIENT_ROUTER;
import static io.zitipekko.interop.SharedNetwork.FORBIDDEN;
import static io.zitipekko.interop.SharedNetwork.HOST_ROUTER;
import static io.zitipekko.interop.SharedNetwork.OPEN;
import static io.zitipekko.interop.SharedNetwork.OURS;
import static io.zitipekko.interop.SharedNetwork.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.fabric.LinkStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * OpenZiti's own Java SDK, unmodified: it enrolled with tokens of our controller, hosts in one process and dials from another; its
 * client is at another router than its host. The driver compares SHA-256 of what it sent with what came back, and fails otherwise.
 */
@ExtendWith(SharedNetwork.Extension.class)
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class JavaSdkTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TEXT = "attack at dawn, but tell nobody on the link ";

    @Test
    void hundredMegabytesGoEachWayOverTwoRoutersUnchanged(SharedNetwork net) {
        long before = net.network()
                .router(CLIENT_ROUTER)
                .running()
                .forwarder()
                .counters()
                .payloadBytes();
        try (JavaSdkProcess client = net.javaClient("dial", SECRET, "100000000", "1")) {
            client.awaitLine("@exchanged", Duration.ofMinutes(6));
            assertThat(client.lines("@echoed")).hasSize(1);
        }
        assertThat(net.network()
                                .router(CLIENT_ROUTER)
                                .running()
                                .forwarder()
                                .counters()
                                .payloadBytes()
                        - before)
                .isGreaterThan(200_000_000L);
    }

    @Test
    void fiftyConnectionsAtOnceEachGetTheirOwnBytesBack(SharedNetwork net) {
        try (JavaSdkProcess client = net.javaClient("dial", SECRET, "100000", "50")) {
            client.awaitLine("@exchanged", PATIENCE);
            assertThat(client.lines("@echoed")).hasSize(50).doesNotHaveDuplicates();
        }
    }

    @Test
    void aServiceWithoutEncryptionCarriesDataToo(SharedNetwork net) {
        try (JavaSdkProcess client = net.javaClient("dial", OPEN, "5000000", "2")) {
            client.awaitLine("@exchanged", PATIENCE);
            assertThat(client.lines("@echoed")).hasSize(2);
        }
    }

    @Test
    void aServiceIsRefusedToWhoHasNoDialPolicyForIt(SharedNetwork net) {
        try (JavaSdkProcess client = net.javaClient("refused", FORBIDDEN)) {
            client.awaitLine("@done", PATIENCE);
            assertThat(client.lines("@refused")).as(client.output()).hasSize(1);
        }
    }

    @Test
    void theDialerReadsTheEndWhenTheHostCloses(SharedNetwork net) {
        try (JavaSdkProcess client = net.javaClient("closed", SECRET)) {
            assertThat(client.awaitLine("@", PATIENCE)).startsWith("@active");
            client.awaitLine("@end-of-stream", PATIENCE);
        }
    }

    @Test
    void theHostReadsTheEndWhenTheDialerCloses(SharedNetwork net) {
        try (JavaSdkProcess client = net.javaClient("dial", SECRET, "12345", "1")) {
            client.awaitLine("@exchanged", PATIENCE);
        }
        net.javaHost().awaitLine("@ended 12345", PATIENCE);
    }

    @Test
    void theJavaSdkDialsWhatOurSdkHosts(SharedNetwork net) {
        try (JavaSdkProcess client = net.javaClient("dial", OURS, "2000000", "3")) {
            client.awaitLine("@exchanged", PATIENCE);
            assertThat(client.lines("@echoed")).hasSize(3);
        }
    }

    @Test
    void ourSdkDialsWhatTheJavaSdkHosts(SharedNetwork net) {
        for (String service : List.of(SECRET, OPEN)) {
            OurSdk.Exchange exchange = net.ours().exchange(net.ourClient(), service, 2_000_000);

            assertThat(exchange.received()).isEqualTo(exchange.sent());
            assertThat(exchange.connection().encrypted()).isEqualTo(service.equals(SECRET));
        }
    }

    @Test
    void theLinkNeverCarriesThePlainTextOfAnEncryptedService(SharedNetwork net) {
        try (LinkTap there = tap(net, CLIENT_ROUTER);
                LinkTap back = tap(net, HOST_ROUTER)) {
            talk(net, SECRET);

            assertThat(List.of(there.bytes(), back.bytes())).allMatch(n -> n > 20 * TEXT.length());
            assertThat(there.saw("nobody") || back.saw("nobody")).isFalse();
        }
    }

    @Test
    void theLinkCarriesTheTextOfAServiceWithoutEncryptionAsItIs(SharedNetwork net) {
        try (LinkTap there = tap(net, CLIENT_ROUTER);
                LinkTap back = tap(net, HOST_ROUTER)) {
            talk(net, OPEN);

            assertThat(there.saw(TEXT)).isTrue();
            assertThat(back.saw(TEXT)).isTrue();
        }
    }

    private static void talk(SharedNetwork net, String service) {
        try (JavaSdkProcess client = net.javaClient("talk", service, TEXT)) {
            client.awaitLines("@round", 20, PATIENCE);
            client.type("enough");
            client.awaitLine("@done", PATIENCE);
        }
    }

    private static LinkTap tap(SharedNetwork net, int router) {
        String link = net.network().controller().context().fabric().links().stream()
                .filter(LinkStatus::usable)
                .findFirst()
                .orElseThrow()
                .id()
                .value();
        return LinkTap.on(net.network().router(router).running().forwarder(), link);
    }
}
