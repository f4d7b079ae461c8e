package io.zitipekko.transport.tls;

import static io.zitipekko.transport.tls.TlsTestSystem.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.LeafVerifier;
import io.zitipekko.transport.identity.ServerChain;
import io.zitipekko.transport.identity.TestPki;
import io.zitipekko.transport.identity.UntrustedPeerException;
import io.zitipekko.transport.pki.KeyPairs;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A listener against clients that are not ours: the JDK's TLS sockets and bare sockets. */
class UntrustedClientsTest {
    private static final TestPki PKI = new TestPki("net");
    private static final Identity SERVER = PKI.node("server");
    private static final Identity CLIENT = PKI.node("client");
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int ALERT_RECORD = 21;

    private static ActorSystem system;

    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicReference<Identity> serverIdentity = new AtomicReference<>(SERVER);
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
        await(listener.close());
    }

    private void listen(ClientAuth auth, ListenerLimits limits) {
        Flow<ByteString, ByteString, NotUsed> echoNotingItsEnd = Flow.of(ByteString.class)
                .watchTermination((mat, end) -> {
                    end.whenComplete((done, failure) -> ends.add(failure == null ? "end" : failure.getMessage()));
                    return NotUsed.getInstance();
                });
        listener = await(SharedTlsListener.bind(
                system,
                "127.0.0.1",
                0,
                List.of(new TlsServerProtocol(
                        Set.of("x"),
                        serverIdentity::get,
                        auth,
                        presented -> {
                            admitted.incrementAndGet();
                            try {
                                LeafVerifier.verify(presented, PKI.rootOnly(), Instant.now());
                                return true;
                            } catch (UntrustedPeerException e) {
                                return false;
                            }
                        },
                        peer -> echoNotingItsEnd)),
                limits,
                (peer, what, reason) -> refusals.add(TlsPeer.text(peer) + " " + what + ": " + reason)));
    }

    private void listen(ClientAuth auth) {
        listen(auth, ListenerLimits.DEFAULT.withHandshakeTimeout(LONG));
    }

    private int port() {
        return listener.localAddress().getPort();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private SSLSocket connectTls(SSLContext context, String... versions) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port());
        socket.setSoTimeout(10_000);
        socket.setEnabledProtocols(versions);
        return socket;
    }

    private static void echo(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readNBytes(text.length()), StandardCharsets.US_ASCII))
                .isEqualTo(text);
    }

    /** Reads to the end; a reset counts as one. */
    private static byte[] readToEnd(InputStream in) throws IOException {
        try {
            return in.readAllBytes();
        } catch (SocketException reset) {
            return new byte[0];
        }
    }

    @Test
    void servesTls12AndTls13ClientsWithCertificates() throws Exception {
        listen(ClientAuth.REQUIRE);

        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (SSLSocket socket = connectTls(SslContexts.client(CLIENT), version)) {
                echo(socket, "hello");
                assertThat(socket.getSession().getProtocol()).isEqualTo(version);
                assertThat(socket.getSession().getCipherSuite()).contains("AES_128_GCM");
                assertThat(socket.getSession().getPeerCertificates()[0])
                        .isEqualTo(SERVER.serverChains().get(0).leaf());
            }
            assertThat(ends.poll(60, TimeUnit.SECONDS)).as(version).isEqualTo("end");
        }
    }

    @Test
    void tellsAClientWithoutACertificateByAnAlert() throws Exception {
        listen(ClientAuth.REQUIRE);

        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (SSLSocket socket = connectTls(SslContexts.anonymousClient(PKI.rootOnly()), version)) {
                assertThatThrownBy(() -> echo(socket, "hello"))
                        .as(version)
                        .isInstanceOf(SSLException.class)
                        .hasMessageMatching(".*(certificate_required|bad_certificate|handshake_failure).*");
            }
        }
        assertThat(admitted).hasValue(0);
    }

    @Test
    void tellsOfEachRefusalWithItsAddressAndReason() throws Exception {
        listen(ClientAuth.REQUIRE, new ListenerLimits(LONG, 1, 100));
        Identity stranger = new TestPki("elsewhere").node("stranger");
        Identity presented = Identity.of(stranger.clientChain(), stranger.clientKey(), List.of(), PKI.rootOnly());

        assertToldWhyRefused(SslContexts.anonymousClient(PKI.rootOnly()), "x", "TLS handshake: .+");
        assertToldWhyRefused(SslContexts.client(presented), "x", "TLS handshake: .+");
        assertToldWhyRefused(
                SslContexts.client(CLIENT),
                "y",
                "TLS handshake: TLS handshake refused: client offers ALPN \\[y\\], .*");
        try (Socket unfinished = connect()) {
            await().untilAsserted(() -> assertThat(listener.openConnections()).isEqualTo(1));
            try (Socket another = connect()) {
                assertThat(readToEnd(another.getInputStream())).isEmpty();
                assertThat(refusals.poll(10, TimeUnit.SECONDS))
                        .isEqualTo("127.0.0.1:" + another.getLocalPort()
                                + " connection: too many connections or unfinished handshakes");
            }
            assertThat(unfinished.isClosed()).isFalse();
        }
    }

    private void assertToldWhyRefused(SSLContext context, String alpn, String why) throws Exception {
        try (SSLSocket socket = connectTls(context, "TLSv1.3")) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {alpn});
            socket.setSSLParameters(parameters);
            assertThatThrownBy(() -> echo(socket, "hello")).isInstanceOf(IOException.class);
            assertThat(refusals.poll(10, TimeUnit.SECONDS))
                    .matches("127\\.0\\.0\\.1:" + socket.getLocalPort() + " " + why);
        }
        await().untilAsserted(() -> assertThat(listener.openConnections()).isZero());
    }

    @Test
    void servesAClientWithoutACertificateWhereThatIsOptional() throws Exception {
        listen(ClientAuth.REQUEST);

        try (SSLSocket socket = connectTls(SslContexts.anonymousClient(PKI.rootOnly()), "TLSv1.3")) {
            echo(socket, "hello");
        }
        assertThat(admitted).hasValue(0);
    }

    @Test
    void refusesAnExpiredClientAndAnExpiredServer() throws Exception {
        TestPki old = new TestPki("net", Instant.now().minus(Duration.ofDays(400)));
        Identity expired = old.node("old");
        listen(ClientAuth.REQUIRE);

        try (SSLSocket socket = connectTls(
                SslContexts.client(Identity.of(expired.clientChain(), expired.clientKey(), List.of(), PKI.rootOnly())),
                "TLSv1.3")) {
            assertThatThrownBy(() -> echo(socket, "hello")).isInstanceOf(SSLException.class);
        }
        serverIdentity.set(expired);
        Identity trustsOld = Identity.of(CLIENT.clientChain(), CLIENT.clientKey(), List.of(), old.rootOnly());
        var peer = Source.<ByteString>maybe()
                .viaMat(
                        TlsDialer.dial(
                                system, TransportAddress.tls("localhost", port()), () -> trustsOld, List.of("x"), LONG),
                        Keep.right())
                .to(Sink.ignore())
                .run(system);
        assertThatThrownBy(() -> await(peer)).isInstanceOf(TlsException.class).hasMessageContaining("is valid from");
    }

    @Test
    void judgesEveryConnectionAnewAndResumesNothing() throws Exception {
        listen(ClientAuth.REQUIRE);
        SSLContext oneContext = SslContexts.client(CLIENT);

        for (String version : List.of("TLSv1.2", "TLSv1.2", "TLSv1.3", "TLSv1.3")) {
            try (SSLSocket socket = connectTls(oneContext, version)) {
                echo(socket, "hello");
            }
        }

        assertThat(admitted).hasValue(4);
    }

    @Test
    void refusesRenegotiation() throws Exception {
        listen(ClientAuth.REQUIRE);

        try (SSLSocket socket = connectTls(SslContexts.client(CLIENT), "TLSv1.2")) {
            echo(socket, "hello");

            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        echo(socket, "again");
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(ends.poll(60, TimeUnit.SECONDS)).contains("renegotiation");
    }

    @Test
    void letsAHalfClosedClientReadOn() throws Exception {
        listen(ClientAuth.REQUIRE);

        try (SSLSocket socket = connectTls(SslContexts.client(CLIENT), "TLSv1.3")) {
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("hello");
        }
    }

    @Test
    void tellsACutFromAnEnd() throws Exception {
        listen(ClientAuth.REQUIRE);

        try (Socket bare = connect();
                SSLSocket socket = (SSLSocket)
                        SslContexts.client(CLIENT).getSocketFactory().createSocket(bare, "localhost", port(), false)) {
            echo(socket, "hello");
            bare.shutdownOutput();

            assertThat(ends.poll(60, TimeUnit.SECONDS)).contains("without TLS close_notify");
        }
    }

    @Test
    void answersGarbageWithAnAlertAndCloses() throws Exception {
        listen(ClientAuth.REQUIRE);

        try (Socket socket = connect()) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(readToEnd(socket.getInputStream())).startsWith(ALERT_RECORD, 3, 3, 0, 2, 2, 10);
        }
        await().untilAsserted(() -> assertThat(listener.openConnections()).isZero());
    }

    @Test
    void closesAClientThatDripsItsHelloAtTheDeadline() throws Exception {
        listen(ClientAuth.REQUIRE, ListenerLimits.DEFAULT.withHandshakeTimeout(SHORT));
        byte[] hello = ClientHelloTest.hello("localhost", new String[] {"TLSv1.3"}, "x");

        try (Socket dripping = connect();
                Socket silent = connect();
                Socket stuck = connect()) {
            dripping.getOutputStream().write(hello, 0, 7);
            stuck.getOutputStream().write(hello);

            readToEnd(dripping.getInputStream());
            readToEnd(silent.getInputStream());
            readToEnd(stuck.getInputStream());
        }
        await().untilAsserted(() -> assertThat(listener.openConnections()).isZero());
        assertThat(ends).as("no handler was attached").isEmpty();
    }

    @Test
    void capsUnfinishedHandshakesPerAddress() throws Exception {
        listen(ClientAuth.REQUIRE, new ListenerLimits(LONG, 2, 100));

        try (Socket one = connect();
                Socket two = connect()) {
            await().untilAsserted(() -> assertThat(listener.openConnections()).isEqualTo(2));
            try (Socket three = connect()) {
                assertThat(readToEnd(three.getInputStream())).isEmpty();
            }
            assertThat(one.isClosed() || two.isClosed()).isFalse();
        }
        await().untilAsserted(() -> assertThat(listener.openConnections()).isZero());
        try (SSLSocket socket = connectTls(SslContexts.client(CLIENT), "TLSv1.3")) {
            echo(socket, "room again");
        }
    }

    @Test
    void capsConnections() throws Exception {
        listen(ClientAuth.REQUIRE, new ListenerLimits(LONG, 100, 1));

        try (SSLSocket socket = connectTls(SslContexts.client(CLIENT), "TLSv1.3")) {
            echo(socket, "hello");
            try (Socket second = connect()) {
                assertThat(readToEnd(second.getInputStream())).isEmpty();
            }
            echo(socket, "still here");
        }
    }

    @Test
    void usesTheSuppliersLatestIdentityAndTheRightCertificate() throws Exception {
        Identity first = PKI.node("first", KeyPairs.p256(), List.of("first.example"));
        Identity second = PKI.node("second", KeyPairs.p256(), List.of("localhost"));
        ServerChain both = second.serverChains().get(0);
        listen(ClientAuth.REQUIRE);
        serverIdentity.set(Identity.of(
                first.clientChain(),
                first.clientKey(),
                List.of(first.serverChains().get(0), both),
                PKI.rootOnly()));

        var connected = Source.<ByteString>maybe()
                .viaMat(
                        TlsDialer.dial(
                                system, TransportAddress.tls("localhost", port()), () -> CLIENT, List.of("x"), LONG),
                        Keep.right())
                .to(Sink.ignore())
                .run(system);

        assertThat(await(connected).certificates().leaf()).as("chosen by SNI").contains(both.leaf());
    }
}
