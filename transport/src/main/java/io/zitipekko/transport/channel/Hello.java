package io.zitipekko.transport.channel;

/**
 * The first message of an underlay, as its acceptor sees it. Header numbers mean what the connection's kind says
 * (protocol/01 section 6.2): nothing here interprets them.
 *
 * @param token the body: who the peer claims to be. A claim only
 * @param headers as sent
 */
public record Hello(String token, Headers headers) {}
