package io.zitipekko.transport.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which of the protocols on one socket a client gets, by the ALPN rules of protocol/01 section 2. */
final class ProtocolChoice {
    private final Map<String, TlsServerProtocol> byName = new HashMap<>();

    /** @throws IllegalArgumentException when a name is registered twice */
    ProtocolChoice(List<TlsServerProtocol> protocols) {
        for (TlsServerProtocol protocol : protocols) {
            for (String name : protocol.alpn()) {
                if (byName.putIfAbsent(name, protocol) != null) {
                    throw new IllegalArgumentException(
                            "ALPN name '" + name
                                    + "' is registered twice on one socket (two listeners that share an address must differ in it)");
                }
            }
        }
        if (byName.isEmpty()) {
            throw new IllegalArgumentException("protocols: none (expected: at least one)");
        }
    }

    /** @throws RefusedClientHelloException when no protocol here has what the client offers */
    Chosen choose(ClientHello hello) throws RefusedClientHelloException {
        if (hello.alpn().isEmpty()) {
            return withoutAlpn();
        }
        String chosen = TlsServerProtocol.NO_ALPN;
        for (String name : hello.alpn()) {
            // The last one wins, as in the reference; an empty name must not reach the handler for clients without
            // ALPN.
            if (!name.isEmpty() && byName.containsKey(name)) {
                chosen = name;
            }
        }
        if (chosen.isEmpty()) {
            throw new RefusedClientHelloException(
                    TlsAlert.NO_APPLICATION_PROTOCOL,
                    "client offers ALPN " + hello.alpn() + ", served here are " + byName.keySet());
        }
        return new Chosen(byName.get(chosen), chosen);
    }

    private Chosen withoutAlpn() throws RefusedClientHelloException {
        TlsServerProtocol protocol =
                byName.size() == 1 ? byName.values().iterator().next() : byName.get(TlsServerProtocol.NO_ALPN);
        if (protocol == null) {
            throw new RefusedClientHelloException(
                    TlsAlert.NO_APPLICATION_PROTOCOL,
                    "client offers no ALPN and no protocol here serves such clients, only " + byName.keySet());
        }
        return new Chosen(protocol, TlsServerProtocol.NO_ALPN);
    }

    /**
     * The protocol for a client.
     *
     * @param alpn the name to answer; {@link TlsServerProtocol#NO_ALPN} to answer none
     */
    record Chosen(TlsServerProtocol protocol, String alpn) {}
}
