package io.zitipekko.transport.tls;

/** Whether a listener asks for a client certificate. TLS never judges trust by itself; see {@link TlsServerProtocol#admit()}. */
public enum ClientAuth {
    NONE,
    /** Asked for, may be absent: HTTP. */
    REQUEST,
    /** No certificate, no handshake: channel listeners. */
    REQUIRE
}
