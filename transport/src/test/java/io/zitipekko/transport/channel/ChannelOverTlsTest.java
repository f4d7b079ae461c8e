package io.zitipekko.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.ChannelFixture.Acceptor;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.TestPki;
import io.zitipekko.transport.tls.ClientAuth;
import io.zitipekko.transport.tls.ListenerLimits;
import io.zitipekko.transport.tls.SharedTlsListener;
import io.zitipekko.transport.tls.TlsServerProtocol;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Channels as nodes use them: mutual TLS, a shared listener, groups bound to the certificate that opened them. */
class ChannelOverTlsTest {
    private static final TestPki PKI = new TestPki("net");
    private static final Identity SERVER = PKI.node("server");
    private static final Identity ROUTER = PKI.node("router");
    private static final Identity OTHER = PKI.node("other");

    private static ChannelFixture fixture;

    private final Acceptor acceptor = new Acceptor();
    private SharedTlsListener listener;

    @BeforeAll
    static void start() {
        fixture = new ChannelFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @BeforeEach
    void listen() {
        acceptor.decide = (hello, peer) -> CompletableFuture.completedFuture(Acceptor.accept(
                Fingerprint.of(peer.certificates().leaf().orElseThrow()).hex()));
        ChannelListener channels =
                ChannelListener.create(fixture.system, ChannelKind.LINK, ChannelFixture.QUICK, () -> "er1", acceptor);
        listener = SharedTlsListener.bind(
                        fixture.system,
                        "127.0.0.1",
                        0,
                        List.of(new TlsServerProtocol(
                                Set.of("ziti-link"),
                                () -> SERVER,
                                ClientAuth.REQUIRE,
                                TlsServerProtocol::admitEveryone,
                                channels::handle)),
                        ListenerLimits.DEFAULT)
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void close() {
        listener.close().toCompletableFuture().join();
    }

    private ChannelDial spec(Identity identity, String host, Headers headers, boolean grouped) {
        return new ChannelDial(
                ChannelKind.LINK,
                TransportAddress.tls(host, listener.localAddress().getPort()),
                () -> identity,
                List.of("ziti-link"),
                "link-1",
                headers,
                ChannelFixture.QUICK,
                grouped,
                Map.of("link.default", 2, "link.ack", 1));
    }

    private CompletableFuture<Channel> dial(ChannelDial spec) {
        return ChannelDialer.dial(fixture.system, spec, RecordingHandler::new).toCompletableFuture();
    }

    @Test
    void aGroupOpensOverMutualTlsAndCarriesMessagesBothWays() throws Exception {
        Channel client = dial(spec(ROUTER, "localhost", Headers.EMPTY, true)).get(60, TimeUnit.SECONDS);
        Channel server = acceptor.next();
        await().until(() -> server.underlays().size() == 3 && client.underlays().size() == 3);

        client.send(Lane.DEFAULT, Message.of(1100, Headers.EMPTY, "out"));
        server.send(Lane.HIGH, Message.of(1101, Headers.EMPTY, "back"));

        assertThat(RecordingHandler.of(server).next().bodyText()).isEqualTo("out");
        assertThat(RecordingHandler.of(client).next().bodyText()).isEqualTo("back");
        assertThat(server.peer().certificates().leaf())
                .contains(ROUTER.clientChain().get(0));
        assertThat(client.peer().certificates().leaf())
                .contains(SERVER.serverChains().get(0).leaf());

        client.close("done");
        assertThat(RecordingHandler.of(client).closeReason()).isEqualTo("done");
        assertThat(RecordingHandler.of(server).closeReason()).isNotEmpty();
    }

    @Test
    void theSecretDoesNotHelpAnotherCertificate() throws Exception {
        Channel client = dial(spec(ROUTER, "localhost", Headers.EMPTY, true)).get(60, TimeUnit.SECONDS);
        Channel server = acceptor.next();
        await().until(() -> server.underlays().size() == 3);
        Headers stolen = Headers.builder()
                .string(ChannelHeaders.CONNECTION_ID, client.connectionId())
                .string(ChannelHeaders.TYPE, "link.default")
                .bool(ChannelHeaders.IS_GROUPED, true)
                .bytes(
                        ChannelHeaders.GROUP_SECRET,
                        client.handshake()
                                .headers()
                                .bytes(ChannelHeaders.GROUP_SECRET)
                                .orElseThrow())
                .build();

        assertThatThrownBy(() -> dial(spec(OTHER, "localhost", stolen, false)).get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(HandshakeException.class);

        assertThat(server.underlays()).hasSize(3);
    }

    @Test
    void aServerOfAnotherNetworkFailsTheDialWithItsReason() {
        Identity stranger = new TestPki("stranger").node("router");

        assertThatThrownBy(() ->
                        dial(spec(stranger, "localhost", Headers.EMPTY, true)).get(60, TimeUnit.SECONDS))
                .hasMessageNotContaining("hello");
        assertThat(acceptor.hellos).hasValue(0);
    }

    @Test
    void aBurstIsCarriedWithBackPressure() throws Exception {
        AtomicLong bytes = new AtomicLong();
        acceptor.handler = channel -> new ChannelHandler() {
            @Override
            public void onMessage(Message message) {
                bytes.addAndGet(message.body().size());
            }

            @Override
            public void onClosed(String reason) {
                // Counted by then.
            }
        };
        Channel client = dial(spec(ROUTER, "localhost", Headers.EMPTY, false)).get(60, TimeUnit.SECONDS);
        Message message = Message.of(1100, Headers.EMPTY, ByteString.fromArrayUnsafe(new byte[16 * 1024]));
        int messages = 1000;
        for (int n = 0; n < messages; ) {
            if (client.offer(Lane.DEFAULT, message)) {
                n++;
            } else {
                CountDownLatch writable = new CountDownLatch(1);
                client.whenWritable(Lane.DEFAULT, writable::countDown);
                assertThat(writable.await(60, TimeUnit.SECONDS)).isTrue();
            }
        }

        await().until(() -> bytes.get() == (long) messages * 16 * 1024);
    }
}
