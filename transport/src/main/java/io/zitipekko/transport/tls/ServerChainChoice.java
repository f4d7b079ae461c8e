package io.zitipekko.transport.tls;

import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.ServerChain;
import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.util.List;
import java.util.Set;

/** Which of several server certificates suits a client (protocol/01 section 2, server certificate choice). */
final class ServerChainChoice {
    private static final Set<Integer> RSA_PSS = Set.of(0x0804, 0x0805, 0x0806);
    private static final Set<Integer> RSA_PKCS1 = Set.of(0x0401, 0x0501, 0x0601);
    private static final Set<Integer> ECDSA = Set.of(0x0403, 0x0503, 0x0603);
    private static final int ED25519 = 0x0807;

    private ServerChainChoice() {}

    /** The only one; or the first that covers the client's SNI and algorithms; or else the first. */
    static ServerChain choose(List<ServerChain> chains, ClientHello hello) {
        if (chains.size() == 1) {
            return chains.get(0);
        }
        for (ServerChain chain : chains) {
            boolean named = hello.serverName()
                    .map(host -> CertificateNames.covers(chain.leaf(), host))
                    .orElse(true);
            if (named && canSign(chain.key(), hello)) {
                return chain;
            }
        }
        return chains.get(0);
    }

    private static boolean canSign(PrivateKey key, ClientHello hello) {
        List<Integer> offered = hello.signatureSchemes();
        if (offered.isEmpty()) {
            return true;
        }
        return switch (key.getAlgorithm()) {
            case "RSA" ->
                offered.stream().anyMatch(RSA_PSS::contains)
                        || (!hello.tls13() && offered.stream().anyMatch(RSA_PKCS1::contains));
            case "EC" ->
                (hello.tls13() && key instanceof ECKey ec)
                        ? offered.contains(schemeOf(ec))
                        : offered.stream().anyMatch(ECDSA::contains);
            case "EdDSA", "Ed25519" -> offered.contains(ED25519);
            default -> false;
        };
    }

    /** TLS 1.3 ties the hash to the curve. */
    private static int schemeOf(ECKey key) {
        int bits = key.getParams().getOrder().bitLength();
        return bits <= 256 ? 0x0403 : bits <= 384 ? 0x0503 : 0x0603;
    }
}
