package io.zitipekko.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.ServerChain;
import io.zitipekko.transport.identity.TestPki;
import io.zitipekko.transport.pki.KeyPairs;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.stream.javadsl.Flow;
import org.junit.jupiter.api.Test;

class ProtocolChoiceTest {
    private static final int ECDSA_P256 = 0x0403;
    private static final int RSA_PSS = 0x0804;

    private static TlsServerProtocol protocol(String... alpn) {
        return new TlsServerProtocol(
                Set.of(alpn),
                () -> {
                    throw new AssertionError("not asked");
                },
                ClientAuth.REQUIRE,
                TlsServerProtocol::admitEveryone,
                peer -> Flow.create());
    }

    private static ClientHello hello(String... alpn) {
        return new ClientHello(Optional.empty(), List.of(alpn), List.of(), true);
    }

    @Test
    void givesAClientWithoutAlpnTheOnlyProtocol() throws Exception {
        TlsServerProtocol only = protocol("ziti-ctrl");

        var chosen = new ProtocolChoice(List.of(only)).choose(hello());

        assertThat(chosen.protocol()).isSameAs(only);
        assertThat(chosen.alpn()).isEmpty();
    }

    @Test
    void givesAClientWithoutAlpnOtherwiseTheOneForThat() throws Exception {
        TlsServerProtocol edge = protocol("ziti-edge", "");
        ProtocolChoice choice = new ProtocolChoice(List.of(protocol("ziti-link"), edge));

        assertThat(choice.choose(hello()).protocol()).isSameAs(edge);
        assertThatThrownBy(() -> new ProtocolChoice(List.of(protocol("a"), protocol("b"))).choose(hello()))
                .isInstanceOf(RefusedClientHelloException.class);
    }

    @Test
    void letsTheLastRegisteredNameWin() throws Exception {
        TlsServerProtocol http = protocol("h2", "http/1.1", "");
        TlsServerProtocol ctrl = protocol("ziti-ctrl");
        ProtocolChoice choice = new ProtocolChoice(List.of(ctrl, http));

        assertThat(choice.choose(hello("h2", "http/1.1")).alpn()).isEqualTo("http/1.1");
        assertThat(choice.choose(hello("ziti-ctrl", "http/1.1")).protocol()).isSameAs(http);
        assertThat(choice.choose(hello("ziti-ctrl", "bogus")).protocol()).isSameAs(ctrl);
    }

    @Test
    void neverSendsAnUnknownNameToTheHandlerWithoutAlpn() {
        ProtocolChoice choice = new ProtocolChoice(List.of(protocol("ziti-edge", ""), protocol("x")));

        for (ClientHello hello : List.of(hello("bogus"), hello(""), hello("bogus", ""))) {
            assertThatThrownBy(() -> choice.choose(hello)).isInstanceOf(RefusedClientHelloException.class);
        }
    }

    @Test
    void refusesANameRegisteredTwice() {
        assertThatThrownBy(() -> new ProtocolChoice(List.of(protocol("a", ""), protocol("b", ""))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("registered twice");
    }

    @Test
    void picksTheServerCertificateBySniAndAlgorithms() {
        TestPki pki = new TestPki("x");
        ServerChain ec = chain(pki.node("ec", KeyPairs.p256(), List.of("ec.example")));
        ServerChain rsa = chain(pki.node("rsa", KeyPairs.rsa(2048), List.of("rsa.example", "both.example")));
        ServerChain other = chain(pki.node("other", KeyPairs.p256(), List.of("both.example")));
        List<ServerChain> chains = List.of(ec, rsa, other);

        assertThat(ServerChainChoice.choose(chains, sni("rsa.example", ECDSA_P256, RSA_PSS)))
                .isSameAs(rsa);
        assertThat(ServerChainChoice.choose(chains, sni("both.example", ECDSA_P256)))
                .isSameAs(other);
        assertThat(ServerChainChoice.choose(chains, sni("unknown.example", RSA_PSS)))
                .as("none fits: the first")
                .isSameAs(ec);
        assertThat(ServerChainChoice.choose(List.of(rsa), sni("ec.example", ECDSA_P256)))
                .as("the only one, always")
                .isSameAs(rsa);
        assertThat(ServerChainChoice.choose(
                        chains, new ClientHello(Optional.empty(), List.of(), List.of(RSA_PSS), true)))
                .isSameAs(rsa);
    }

    private static ClientHello sni(String host, Integer... schemes) {
        return new ClientHello(Optional.of(host), List.of(), List.of(schemes), true);
    }

    private static ServerChain chain(Identity identity) {
        return identity.serverChains().get(0);
    }
}
