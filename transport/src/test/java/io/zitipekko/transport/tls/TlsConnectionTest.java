package io.zitipekko.transport.tls;

import static io.zitipekko.transport.tls.TlsTestSystem.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.LeafVerifier;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.identity.TestPki;
import io.zitipekko.transport.identity.UntrustedPeerException;
import io.zitipekko.transport.pki.KeyPairs;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dialer against listener over real sockets. */
class TlsConnectionTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Flow<ByteString, ByteString, NotUsed> ECHO = Flow.create();
    private static final TestPki PKI = new TestPki("net");
    private static final TestPki STRANGER = new TestPki("stranger");
    private static final Identity SERVER = PKI.node("server");
    private static final Identity CLIENT = PKI.node("client");

    private static ActorSystem system;

    private final BlockingQueue<TlsPeer> peers = new LinkedBlockingQueue<>();
    private SharedTlsListener listener;

    @BeforeAll
    static void start() {
        system = TlsTestSystem.start();
    }

    @AfterAll
    static void stop() {
        TlsTestSystem.stop(system);
    }

    @AfterEach
    void close() {
        if (listener != null) {
            await(listener.close());
        }
    }

    private TlsServerProtocol protocol(
            Set<String> alpn,
            Identity identity,
            ClientAuth auth,
            Predicate<PresentedCertificates> admit,
            Function<TlsPeer, Flow<ByteString, ByteString, NotUsed>> handler) {
        return new TlsServerProtocol(alpn, () -> identity, auth, admit, peer -> {
            peers.add(peer);
            return handler.apply(peer);
        });
    }

    private TlsServerProtocol echo(String... alpn) {
        return protocol(Set.of(alpn), SERVER, ClientAuth.REQUIRE, TlsServerProtocol::admitEveryone, peer -> ECHO);
    }

    private void listen(TlsServerProtocol... protocols) {
        listener = await(SharedTlsListener.bind(
                system, "127.0.0.1", 0, List.of(protocols), ListenerLimits.DEFAULT.withHandshakeTimeout(TIMEOUT)));
    }

    private Flow<ByteString, ByteString, CompletionStage<TlsPeer>> dial(Identity identity, String... alpn) {
        return dialHost("localhost", identity, alpn);
    }

    private Flow<ByteString, ByteString, CompletionStage<TlsPeer>> dialHost(
            String host, Identity identity, String... alpn) {
        return TlsDialer.dial(
                system,
                TransportAddress.tls(host, listener.localAddress().getPort()),
                () -> identity,
                List.of(alpn),
                TIMEOUT);
    }

    /** Sends some bytes, ends, and gives back all that was received. */
    private static Pair<CompletionStage<TlsPeer>, CompletionStage<ByteString>> exchange(
            Flow<ByteString, ByteString, CompletionStage<TlsPeer>> connection, Source<ByteString, ?> send) {
        return send.viaMat(connection, Keep.right())
                .toMat(Sink.fold(ByteString.emptyByteString(), ByteString::concat), Keep.both())
                .withAttributes(ActorAttributes.dispatcher("ziti.event-loop"))
                .run(system);
    }

    private static Predicate<PresentedCertificates> trustedByPki() {
        return presented -> {
            try {
                return LeafVerifier.verify(presented, PKI.rootOnly(), Instant.now()) != null;
            } catch (UntrustedPeerException e) {
                return false;
            }
        };
    }

    @Test
    void bothSidesLearnWhoTheOtherIs() throws Exception {
        listen(echo("ziti-ctrl"));

        var exchange = exchange(dial(CLIENT, "ziti-ctrl"), Source.single(ByteString.fromString("hello")));

        TlsPeer server = await(exchange.first());
        assertThat(await(exchange.second()).utf8String()).isEqualTo("hello");
        assertThat(server.alpn()).isEqualTo("ziti-ctrl");
        assertThat(server.certificates().leaf())
                .contains(SERVER.serverChains().get(0).leaf());
        assertThat(server.remote().getPort()).isEqualTo(listener.localAddress().getPort());
        TlsPeer client = peers.poll(60, TimeUnit.SECONDS);
        assertThat(client.alpn()).isEqualTo("ziti-ctrl");
        assertThat(client.certificates().leaf()).contains(CLIENT.clientChain().get(0));
        assertThat(client.remote()).isEqualTo(server.local());
        assertThat(LeafVerifier.verify(client.certificates(), PKI.rootOnly(), Instant.now())
                        .leaf())
                .isEqualTo(CLIENT.clientChain().get(0));
    }

    @Test
    void rsaAndP384KeysWorkToo() {
        Identity rsa = PKI.node("rsa", KeyPairs.rsa(2048), List.of("localhost"));
        Identity p384 = PKI.node("p384", KeyPairs.p384(), List.of("localhost"));
        listen(
                protocol(Set.of("a"), rsa, ClientAuth.REQUIRE, trustedByPki(), peer -> ECHO),
                protocol(Set.of("b"), p384, ClientAuth.REQUIRE, trustedByPki(), peer -> ECHO));

        for (Identity client : List.of(rsa, p384, CLIENT)) {
            for (String alpn : List.of("a", "b")) {
                var exchange = exchange(dial(client, alpn), Source.single(ByteString.fromString("x")));
                assertThat(await(exchange.second()).utf8String()).isEqualTo("x");
            }
        }
    }

    @Test
    void picksTheProtocolByAlpn() {
        listen(echo("ziti-edge", ""), echo("ziti-link"), echo("h2", "http/1.1"));

        assertThat(await(exchange(dial(CLIENT, "ziti-link"), Source.empty()).first())
                        .alpn())
                .isEqualTo("ziti-link");
        assertThat(await(exchange(dial(CLIENT, "bogus", "ziti-edge"), Source.empty())
                                .first())
                        .alpn())
                .isEqualTo("ziti-edge");
        assertThat(await(exchange(dial(CLIENT, "h2", "http/1.1"), Source.empty())
                                .first())
                        .alpn())
                .as("the last registered name wins")
                .isEqualTo("http/1.1");
        assertThat(await(exchange(dial(CLIENT), Source.empty()).first()).alpn()).isEmpty();
    }

    @Test
    void refusesAnUnknownAlpnByAnAlert() {
        listen(echo("ziti-edge", ""));

        assertThatThrownBy(() ->
                        await(exchange(dial(CLIENT, "bogus"), Source.empty()).first()))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("no_application_protocol");
        assertThat(peers).isEmpty();
    }

    @Test
    void refusesAServerForAnotherHost() {
        Identity elsewhere = PKI.node("server", KeyPairs.p256(), List.of("elsewhere.example"));
        listen(protocol(Set.of("x"), elsewhere, ClientAuth.REQUIRE, TlsServerProtocol::admitEveryone, peer -> ECHO));

        assertThatThrownBy(
                        () -> await(exchange(dial(CLIENT, "x"), Source.empty()).first()))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("dialing tls:localhost:")
                .hasMessageContaining("is not for host 'localhost'");
        assertThat(await(exchange(dialHost("127.0.0.1", CLIENT, "x"), Source.empty())
                                .first())
                        .alpn())
                .as("its address is in its certificate")
                .isEqualTo("x");
    }

    @Test
    void refusesAStrangersServer() {
        listen(protocol(
                Set.of("x"), STRANGER.node("server"), ClientAuth.REQUIRE, TlsServerProtocol::admitEveryone, p -> ECHO));

        assertThatThrownBy(
                        () -> await(exchange(dial(CLIENT, "x"), Source.empty()).first()))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("is not trusted");
    }

    @Test
    void refusesAStrangersClientInsideTheHandshake() {
        listen(protocol(Set.of("x"), SERVER, ClientAuth.REQUIRE, trustedByPki(), peer -> ECHO));

        for (Identity refused : List.of(strangerNode(), strangerWithGenuineFiller())) {
            var exchange = exchange(dial(refused, "x"), Source.maybe());
            assertThatThrownBy(() -> await(exchange.second()))
                    .isInstanceOf(TlsException.class)
                    .hasMessageContaining("fatal alert");
        }
        assertThat(peers).as("no handler saw them").isEmpty();
    }

    private static Identity strangerNode() {
        Identity node = STRANGER.node("client");
        return Identity.of(node.clientChain(), node.clientKey(), List.of(), PKI.rootOnly());
    }

    /** A stranger's leaf followed by a genuine leaf and chain (GHSA-mrpr-756c-xm47). */
    private static Identity strangerWithGenuineFiller() {
        Identity node = STRANGER.node("client");
        return Identity.of(
                List.of(node.clientChain().get(0), CLIENT.clientChain().get(0), PKI.intermediate.certificate()),
                node.clientKey(),
                List.of(),
                PKI.rootOnly());
    }

    @Test
    void refusesAClientWhenTheJudgeFails() {
        listen(protocol(
                Set.of("x"),
                SERVER,
                ClientAuth.REQUEST,
                presented -> {
                    throw new IllegalStateException("no data model yet");
                },
                peer -> ECHO));

        assertThatThrownBy(
                        () -> await(exchange(dial(CLIENT, "x"), Source.maybe()).second()))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("fatal alert");
    }

    @Test
    void saysWhyAConnectionCannotBeMade() {
        listen(echo("x"));
        int port = listener.localAddress().getPort();
        await(listener.close());

        assertThatThrownBy(
                        () -> await(exchange(dial(CLIENT, "x"), Source.empty()).first()))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("tls:localhost:" + port)
                .hasMessageContaining("refused");
    }

    @Test
    void carriesAHundredMegabytesEachWay() throws Exception {
        listen(echo("x"));
        byte[] block = new byte[1 << 20];
        new Random(1).nextBytes(block);
        int blocks = 100;
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        MessageDigest received = MessageDigest.getInstance("SHA-256");
        Source<ByteString, NotUsed> data = Source.range(1, blocks).mapConcat(i -> {
            block[0] = (byte) (int) i;
            ByteString bytes = ByteString.fromArray(block);
            sent.update(block);
            // Sizes that fit no record: one byte, just over a record, the rest.
            return List.of(
                    bytes.take(1),
                    bytes.drop(1).take(16_385),
                    bytes.drop(16_386).take(300_000),
                    bytes.drop(316_386));
        });

        CompletionStage<Long> length = data.viaMat(dial(CLIENT, "x"), Keep.right())
                .runWith(
                        Sink.fold(0L, (sum, bytes) -> {
                            received.update(bytes.toArrayUnsafe());
                            return sum + bytes.size();
                        }),
                        system);

        assertThat(await(length)).isEqualTo((long) blocks << 20);
        assertThat(HexFormat.of().formatHex(received.digest()))
                .isEqualTo(HexFormat.of().formatHex(sent.digest()));
    }

    @Test
    void keepsTheOtherDirectionOpenAfterOneHasEnded() {
        // The server answers only after the client has ended its direction.
        listen(protocol(Set.of("x"), SERVER, ClientAuth.REQUIRE, TlsServerProtocol::admitEveryone, peer -> Flow.of(
                        ByteString.class)
                .fold(0, (count, bytes) -> count + bytes.size())
                .map(count -> ByteString.fromString("got " + count))));

        var exchange = exchange(
                dial(CLIENT, "x"), Source.repeat(ByteString.fromString("12345")).take(10));

        assertThat(await(exchange.second()).utf8String()).isEqualTo("got 50");
    }

    @Test
    void endsTheClientsInputWhenTheServerIsDoneFirst() {
        listen(protocol(
                Set.of("x"),
                SERVER,
                ClientAuth.REQUIRE,
                TlsServerProtocol::admitEveryone,
                peer -> Flow.fromSinkAndSource(Sink.cancelled(), Source.single(ByteString.fromString("bye")))));

        var exchange = exchange(dial(CLIENT, "x"), Source.maybe());

        assertThat(await(exchange.second()).utf8String()).isEqualTo("bye");
        await().untilAsserted(() -> assertThat(listener.openConnections()).isZero());
    }

    @Test
    void failsTheClientWhenTheServersHandlerFails() {
        listen(protocol(
                Set.of("x"),
                SERVER,
                ClientAuth.REQUIRE,
                TlsServerProtocol::admitEveryone,
                peer -> Flow.fromSinkAndSource(Sink.ignore(), Source.failed(new IllegalStateException("on purpose")))));

        assertThatThrownBy(
                        () -> await(exchange(dial(CLIENT, "x"), Source.maybe()).second()))
                .as("a cut must not look like an end")
                .isInstanceOf(TlsException.class);
        await().untilAsserted(() -> assertThat(listener.openConnections()).isZero());
    }

    @Test
    void closesTheConnectionWhenAHandlerCannotBeMade() {
        listen(protocol(Set.of("x"), SERVER, ClientAuth.REQUIRE, TlsServerProtocol::admitEveryone, peer -> {
            throw new IllegalStateException("on purpose");
        }));

        assertThatThrownBy(
                        () -> await(exchange(dial(CLIENT, "x"), Source.maybe()).second()))
                .isInstanceOf(TlsException.class);
        await().untilAsserted(() -> assertThat(listener.openConnections()).isZero());
    }

    @Test
    void holdsBackASenderWhoseReceiverDoesNotRead() {
        CompletableFuture<SinkQueueWithCancel<ByteString>> serverSide = new CompletableFuture<>();
        listen(protocol(
                Set.of("x"),
                SERVER,
                ClientAuth.REQUIRE,
                TlsServerProtocol::admitEveryone,
                peer -> Flow.fromSinkAndSource(
                        Sink.<ByteString>queue(1).mapMaterializedValue(queue -> {
                            serverSide.complete(queue);
                            return NotUsed.getInstance();
                        }),
                        Source.maybe())));
        java.util.concurrent.atomic.AtomicLong taken = new java.util.concurrent.atomic.AtomicLong();
        ByteString block = ByteString.fromArray(new byte[64 * 1024]);

        Source.repeat(block)
                .map(bytes -> {
                    taken.addAndGet(bytes.size());
                    return bytes;
                })
                .viaMat(dial(CLIENT, "x"), Keep.right())
                .to(Sink.ignore())
                .run(system);
        SinkQueueWithCancel<ByteString> queue = await(serverSide);

        // Once nothing moves any more, what was taken is what sockets and the bounded buffers hold.
        long[] last = {-1};
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            long now = taken.get();
            boolean still = now == last[0];
            last[0] = now;
            return still && now > 0;
        });
        assertThat(taken.get()).isLessThan(32L << 20);
        queue.cancel();
    }

    @Test
    void runsAConnectionOnTheEventLoop() {
        BlockingQueue<String> threads = new LinkedBlockingQueue<>();
        listen(protocol(Set.of("x"), SERVER, ClientAuth.REQUIRE, TlsServerProtocol::admitEveryone, peer -> Flow.of(
                        ByteString.class)
                .map(bytes -> {
                    threads.add(Thread.currentThread().getName());
                    return bytes;
                })));

        await(exchange(dial(CLIENT, "x"), Source.single(ByteString.fromString("x")))
                .second());

        assertThat(threads).allMatch(name -> name.contains("ziti.event-loop"));
    }

    @Test
    void closesWhatIsOpenWithTheListener() {
        listen(echo("x"));
        var exchange = exchange(dial(CLIENT, "x"), Source.maybe());
        await(exchange.first());
        await().untilAsserted(() -> assertThat(peers).isNotEmpty());

        await(listener.close());

        assertThatThrownBy(() -> await(exchange.second())).isInstanceOf(TlsException.class);
        assertThat(listener.openConnections()).isZero();
    }

    @Test
    void refusesOneNameTwiceOnASocket() {
        assertThatThrownBy(() -> listen(echo("x", ""), echo("y", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("registered twice");
    }

    @Test
    void saysWhichAddressIsTaken() {
        listen(echo("x"));
        int port = listener.localAddress().getPort();

        assertThatThrownBy(() -> await(
                        SharedTlsListener.bind(system, "127.0.0.1", port, List.of(echo("x")), ListenerLimits.DEFAULT)))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("127.0.0.1:" + port);
    }
}
