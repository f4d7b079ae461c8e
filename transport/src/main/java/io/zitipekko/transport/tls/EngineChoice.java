package io.zitipekko.transport.tls;

import javax.net.ssl.SSLEngine;

/** Makes a server's engine once the ClientHello is known. */
@FunctionalInterface
interface EngineChoice {
    /** @throws RefusedClientHelloException when nobody here serves such a client */
    SSLEngine choose(ClientHello hello) throws RefusedClientHelloException;
}
