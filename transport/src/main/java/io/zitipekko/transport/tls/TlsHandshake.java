package io.zitipekko.transport.tls;

import io.zitipekko.transport.identity.PresentedCertificates;

/**
 * The outcome of a handshake.
 *
 * @param alpn the protocol agreed on, empty for none
 * @param certificates what the peer presented; its leaf's key is proved
 * @param version e.g. {@code TLSv1.3}
 * @param cipherSuite e.g. {@code TLS_AES_128_GCM_SHA256}
 */
public record TlsHandshake(String alpn, PresentedCertificates certificates, String version, String cipherSuite) {}
