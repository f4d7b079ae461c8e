package io.zitipekko.transport.channel;

import io.zitipekko.transport.tls.TlsPeer;

/**
 * One transport connection of a channel.
 *
 * @param id unique within the process
 * @param type header 7, e.g. {@code link.default}; {@code default} when the peer gave none
 * @param peer its TLS peer
 */
public record UnderlayInfo(long id, String type, TlsPeer peer) {}
