package io.zitipekko.transport.tls;

import static io.zitipekko.transport.tls.TlsTestSystem.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.LeafVerifier;
import io.zitipekko.transport.identity.TestPki;
import io.zitipekko.transport.identity.UntrustedPeerException;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateSubject;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.RSAPrivateKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A listener with its usual limits, attacked from one address while a good client comes from another. */
class HostileConnectionsTest {
    private static final TestPki PKI = new TestPki("net");
    private static final Identity SERVER = PKI.node("server");
    private static final Identity CLIENT = PKI.node("client");
    private static final String ATTACKER = "127.0.0.1";
    private static final String GOOD = "127.0.0.2";
    private static final int ATTACKS = 2000;

    private static ActorSystem system;

    private final AtomicInteger judged = new AtomicInteger();
    private SharedTlsListener listener;

    @BeforeAll
    static void start() {
        system = TlsTestSystem.start();
    }

    @AfterAll
    static void stop() {
        TlsTestSystem.stop(system);
    }

    @BeforeEach
    void listen() {
        listener = await(SharedTlsListener.bind(
                system,
                "127.0.0.1",
                0,
                List.of(new TlsServerProtocol(
                        Set.of("x"),
                        () -> SERVER,
                        ClientAuth.REQUIRE,
                        presented -> {
                            judged.incrementAndGet();
                            try {
                                LeafVerifier.verify(presented, PKI.rootOnly(), Instant.now());
                                return true;
                            } catch (UntrustedPeerException e) {
                                return false;
                            }
                        },
                        peer -> Flow.of(ByteString.class))),
                ListenerLimits.DEFAULT.withHandshakeTimeout(Duration.ofSeconds(60))));
    }

    @AfterEach
    void close() {
        await(listener.close());
    }

    private Socket connectFrom(String address) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(address, 0));
        socket.connect(listener.localAddress(), 30_000);
        socket.setSoTimeout(60_000);
        return socket;
    }

    private void assertGoodClientIsServed() throws IOException {
        try (SSLSocket tls = tls(SslContexts.client(CLIENT), connectFrom(GOOD))) {
            assertEchoes(tls);
        }
    }

    private SSLSocket tls(SSLContext context, Socket socket) throws IOException {
        return (SSLSocket) context.getSocketFactory()
                .createSocket(socket, "localhost", listener.localAddress().getPort(), true);
    }

    private void assertRefused(SSLContext context, String from) {
        int answered;
        try (SSLSocket tls = tls(context, connectFrom(from))) {
            tls.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            answered = tls.getInputStream().readNBytes(5).length;
        } catch (IOException refused) {
            answered = 0;
        }
        assertThat(answered).as("bytes of an answer").isZero();
    }

    private static void assertEchoes(SSLSocket tls) throws IOException {
        tls.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(tls.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
                .isEqualTo("hello");
    }

    @Test
    @DisplayName("CVE-2026-7776: a handshake waited for its client without a limit")
    void halfOpenConnectionsByTheThousandTakeTheirOwnAddressesPlacesOnly() throws Exception {
        List<Socket> halfOpen = new ArrayList<>();
        try {
            for (int i = 0; i < ATTACKS; i++) {
                halfOpen.add(connectFrom(ATTACKER));
                if (i % 500 == 0) {
                    assertGoodClientIsServed();
                }
            }

            assertGoodClientIsServed();
            await().untilAsserted(() -> assertThat(listener.openConnections())
                    .isLessThanOrEqualTo(ListenerLimits.DEFAULT.maxHandshakesPerAddress()));
        } finally {
            for (Socket socket : halfOpen) {
                socket.close();
            }
        }
        await().untilAsserted(() -> assertThat(listener.openConnections()).isZero());
        try (SSLSocket tls = tls(SslContexts.client(CLIENT), connectFrom(ATTACKER))) {
            assertEchoes(tls);
        }
    }

    @Test
    void garbageByTheThousandLeavesNothingBehind() throws Exception {
        byte[] garbage = new byte[600];
        Random random = new Random(4);
        for (int i = 0; i < 300; i++) {
            random.nextBytes(garbage);
            if (i % 3 == 0) {
                // Looks like a handshake record for a while.
                garbage[0] = 22;
                garbage[1] = 3;
                garbage[2] = 3;
            }
            try (Socket socket = connectFrom(ATTACKER)) {
                socket.getOutputStream().write(garbage);
            } catch (IOException alreadyClosed) {
                // The listener may be quicker.
            }
        }

        assertGoodClientIsServed();
        await().untilAsserted(() -> assertThat(listener.openConnections()).isZero());
    }

    @Test
    @DisplayName("CVE-2023-39533: keys of any size were used for checking signatures")
    void aGiantRsaKeyIsRefusedBeforeASignatureIsCheckedWithIt() throws Exception {
        BigInteger modulus = BigInteger.ONE
                .shiftLeft(16_383)
                .or(new BigInteger(16_383, new Random(7)))
                .setBit(0);
        KeyFactory keys = KeyFactory.getInstance("RSA");
        PublicKey giant = keys.generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(65_537)));
        PrivateKey made = keys.generatePrivate(new RSAPrivateKeySpec(modulus, BigInteger.valueOf(3)));
        // Our own authority has signed it: only the size speaks against it.
        X509Certificate leaf = PKI.intermediate.issueClient(
                CertificateSubject.of("giant", giant, AlternativeNames.NONE), TestPki.YEAR);

        Logger log = (Logger) LoggerFactory.getLogger(SharedTlsListener.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        log.setLevel(Level.INFO);
        try {
            assertRefused(presenting(made, leaf), "127.0.0.9");
            await().untilAsserted(() -> assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .anyMatch(line -> line.contains("RSA key of 16384 bits") && line.contains("127.0.0.9")));
        } finally {
            log.setLevel(null);
            log.detachAppender(lines);
        }

        assertThat(judged).as("nothing was asked about such a certificate").hasValue(0);
        assertGoodClientIsServed();
    }

    @Test
    @DisplayName("CVE-2023-39533: certificate chains of any length were followed")
    void aChainOfMoreThanTenCertificatesIsRefusedInsideTheHandshake() throws Exception {
        X509Certificate[] chain = new X509Certificate[11];
        Arrays.fill(chain, PKI.intermediate.certificate());
        chain[0] = CLIENT.clientChain().get(0);

        assertRefused(presenting(CLIENT.clientKey(), chain), ATTACKER);

        assertThat(judged).hasValue(0);
        assertGoodClientIsServed();
    }

    @Test
    @DisplayName("GHSA-mrpr-756c-xm47: any presented certificate could vouch for the leaf")
    void aStrangersLeafIsRefusedWhateverGenuineCertificatesFollowIt() throws Exception {
        TestPki stranger = new TestPki("net");
        Identity strange = stranger.node("client");

        for (List<X509Certificate> filler : List.of(
                CLIENT.clientChain(),
                List.of(CLIENT.clientChain().get(0)),
                List.of(PKI.intermediate.certificate(), PKI.root.certificate()),
                SERVER.serverChains().get(0).chain())) {
            List<X509Certificate> chain =
                    new ArrayList<>(List.of(strange.clientChain().get(0)));
            chain.addAll(filler);
            assertThatThrownBy(() -> {
                        try (SSLSocket tls = tls(
                                presenting(strange.clientKey(), chain.toArray(X509Certificate[]::new)),
                                connectFrom(ATTACKER))) {
                            assertEchoes(tls);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(judged).hasValue(4);
        assertGoodClientIsServed();
    }

    @Test
    void aCertificateWithoutItsKeyIsWorthless() throws Exception {
        Identity thief = new TestPki("thief").node("thief");

        assertThatThrownBy(() -> {
                    try (SSLSocket tls = tls(
                            presenting(thief.clientKey(), CLIENT.clientChain().toArray(X509Certificate[]::new)),
                            connectFrom(ATTACKER))) {
                        assertEchoes(tls);
                    }
                })
                .isInstanceOf(IOException.class);
        assertGoodClientIsServed();
    }

    @Test
    void aCertificateThatIsNotValidYetIsRefused() throws Exception {
        Identity early = new TestPki("net", Instant.now().plus(Duration.ofDays(2))).node("client");

        assertThatThrownBy(() -> {
                    try (SSLSocket tls = tls(
                            presenting(early.clientKey(), early.clientChain().toArray(X509Certificate[]::new)),
                            connectFrom(ATTACKER))) {
                        assertEchoes(tls);
                    }
                })
                .isInstanceOf(IOException.class);
        assertGoodClientIsServed();
    }

    /** A client that presents what it is told and trusts every server. */
    private static SSLContext presenting(PrivateKey key, X509Certificate... chain) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new Presenting(key, chain)}, new TrustManager[] {new TrustsEveryServer()}, null);
        return context;
    }

    private static final class Presenting extends X509ExtendedKeyManager {
        private final PrivateKey key;
        private final X509Certificate[] chain;

        Presenting(PrivateKey key, X509Certificate... chain) {
            this.key = key;
            this.chain = chain;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {"it"};
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return "it";
        }

        @Override
        public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return "it";
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return "";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }

    private static final class TrustsEveryServer extends javax.net.ssl.X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
