package io.zitipekko.actors.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelDial;
import io.zitipekko.transport.channel.ChannelDialer;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import io.zitipekko.transport.tls.ListenerLimits;
import io.zitipekko.transport.tls.SharedTlsListener;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The edge listener as SDKs meet it: mutual TLS on a socket, real channels. */
final class EdgeOverTlsTest {
    private final EdgeWorld world = new EdgeWorld();
    private final Identity client = identity(world.ca, "client");
    private final Identity host = identity(world.ca, "host");
    private SharedTlsListener dialListener;
    private SharedTlsListener hostListener;

    private static Identity identity(CertificateAuthority ca, String name) {
        KeyPair key = KeyPairs.p256();
        return Identity.of(
                List.of(ca.issueClient(
                        CertificateSubject.of(name, key.getPublic(), AlternativeNames.NONE), EdgeWorld.DAY)),
                key.getPrivate(),
                List.of(),
                TrustAnchors.of(ca.chain()));
    }

    @BeforeEach
    void listen() {
        dialListener = bind(world.dialRouter);
        hostListener = bind(world.hostRouter);
        world.dialRouter.announce(
                "as-client", "client-token", "client", client.clientChain().get(0));
        world.hostRouter.announce(
                "as-host", "host-token", "host", host.clientChain().get(0));
    }

    private SharedTlsListener bind(TestRouter router) {
        return SharedTlsListener.bind(
                        world.kit.system(),
                        "127.0.0.1",
                        0,
                        List.of(router.protocol(world.kit.system())),
                        ListenerLimits.DEFAULT)
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void stop() {
        dialListener.close().toCompletableFuture().join();
        hostListener.close().toCompletableFuture().join();
        world.close();
    }

    private CompletionStage<Channel> open(
            SharedTlsListener listener, Identity who, String token, Consumer<Message> onMessage) {
        return ChannelDialer.dial(
                world.kit.system(),
                new ChannelDial(
                        ChannelKind.EDGE,
                        TransportAddress.tls(
                                "127.0.0.1", listener.localAddress().getPort()),
                        () -> who,
                        List.of("ziti-edge"),
                        "test sdk",
                        Headers.builder()
                                .string(EdgeHeader.SESSION_TOKEN, token)
                                .build(),
                        ChannelOptions.EDGE,
                        false,
                        Map.of()),
                channel -> new ChannelHandler() {
                    @Override
                    public void onMessage(Message message) {
                        onMessage.accept(message);
                    }

                    @Override
                    public void onClosed(String reason) {}
                });
    }

    private static Channel join(CompletionStage<Channel> opening) {
        return opening.toCompletableFuture().join();
    }

    private static Message ask(Channel channel, Message message) throws Exception {
        return channel.request(Lane.HIGH, message, TestSdk.SOON)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void theHellosAnswerSaysWhatTheRouterCanDo() {
        Channel channel = join(open(dialListener, client, "client-token", m -> {}));

        Headers result = channel.handshake().headers();
        assertThat(result.bool(EdgeHeader.SUPPORTS_BIND_SUCCESS)).isTrue();
        assertThat(result.bool(EdgeHeader.SUPPORTS_POSTURE_CHECKS)).isTrue();
        assertThat(result.mask(EdgeHeader.ROUTER_CAPABILITIES).testBit(6)).isTrue();
        assertThat(result.mask(EdgeHeader.ROUTER_CAPABILITIES).testBit(2)).isFalse();
    }

    @Test
    void aCertificateOfAnotherAuthorityFailsTheHandshake() {
        CertificateAuthority other = CertificateAuthority.selfSignedRoot(
                CertificateSubject.commonName("other"), KeyPairs.p256(), "other", EdgeWorld.DAY);
        KeyPair key = KeyPairs.p256();
        Identity stranger = Identity.of(
                List.of(other.issueClient(
                        CertificateSubject.of("client", key.getPublic(), AlternativeNames.NONE), EdgeWorld.DAY)),
                key.getPrivate(),
                List.of(),
                TrustAnchors.of(world.ca.chain()));

        assertThatThrownBy(() -> join(open(dialListener, stranger, "client-token", m -> {})))
                .isNotNull();
    }

    @Test
    void aHelloWithABadTokenIsAnsweredAndThenTheChannelCloses() {
        Channel channel = join(open(dialListener, client, "nobody", m -> {}));

        await().atMost(TestSdk.SOON).until(channel::isClosed);
    }

    @Test
    void twentyMegabytesArriveUnchangedAndAClosedIdentityLosesItsChannel() throws Exception {
        int size = 20 << 20;
        byte[] data = new byte[size];
        new Random(5).nextBytes(data);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        CompletableFuture<String> received = new CompletableFuture<>();
        AtomicReference<Channel> hostChannel = new AtomicReference<>();
        CompletableFuture<Void> bound = new CompletableFuture<>();
        int[] got = new int[1];
        hostChannel.set(join(open(hostListener, host, "host-token", message -> {
            switch (message.contentType()) {
                case EdgeContentType.BIND_SUCCESS -> bound.complete(null);
                case EdgeContentType.DIAL ->
                    hostChannel
                            .get()
                            .reply(
                                    Lane.HIGH,
                                    message,
                                    TestSdk.dialSuccess(
                                            message,
                                            message.headers()
                                                    .int32(EdgeHeader.ROUTER_PROVIDED_CONN_ID)
                                                    .orElseThrow()));
                case EdgeContentType.DATA -> {
                    digest.update(message.bodyBytes());
                    got[0] += message.body().size();
                    if (got[0] == size) {
                        received.complete(HexFormat.of().formatHex(digest.digest()));
                    }
                }
                default -> received.completeExceptionally(new AssertionError("got " + message));
            }
        })));
        assertThat(ask(hostChannel.get(), TestSdk.bindMessage(1, world.bindToken(), Headers.EMPTY))
                        .contentType())
                .isEqualTo(EdgeContentType.STATE_CONNECTED);
        bound.get(60, TimeUnit.SECONDS);
        Channel channel = join(open(dialListener, client, "client-token", m -> {}));
        Message connected = ask(channel, TestSdk.connectMessage(1, world.dialToken(), Headers.EMPTY));
        assertThat(connected.contentType()).as(connected.bodyText()).isEqualTo(EdgeContentType.STATE_CONNECTED);

        for (int at = 0; at < size; at += 32 << 10) {
            Message message = Message.of(
                    EdgeContentType.DATA,
                    Headers.builder().int32(EdgeHeader.CONN_ID, 1).build(),
                    ByteString.fromArray(data, at, 32 << 10));
            while (!channel.offer(Lane.DEFAULT, message)) {
                CompletableFuture<Void> room = new CompletableFuture<>();
                channel.whenWritable(Lane.DEFAULT, () -> room.complete(null));
                room.join();
            }
        }

        assertThat(received.get(60, TimeUnit.SECONDS))
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(data)));
        assertThat(world.controllers.asked.get(0).fingerprints())
                .containsExactly(Fingerprint.of(client.clientChain().get(0)).hex());
        world.model.identity("client", true);
        await().atMost(TestSdk.SOON).until(channel::isClosed);
    }
}
