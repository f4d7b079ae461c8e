package io.zitipekko.transport.address;

import java.util.Objects;

/**
 * A place to dial or listen at: {@code type:host:port}, IPv6 hosts in brackets (protocol/01 section 1). Printed always in
 * the short form; {@code type://host:port}, which REST answers carry, is accepted when read.
 *
 * @param type lower case, e.g. {@code tls}
 * @param host without brackets
 * @param port 0..65535; 0 only for listening
 */
public record TransportAddress(String type, String host, int port) {
    public TransportAddress {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(host, "host");
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
        }
        if (type.isEmpty() || host.isEmpty() || host.chars().anyMatch(TransportAddress::isNoPartOfAHost)) {
            throw new IllegalArgumentException(
                    "address '" + type + ":" + host + ":" + port + "' (expected: type:host:port)");
        }
    }

    /** What would make the text of an address mean another one, or no single line. */
    private static boolean isNoPartOfAHost(int c) {
        return c <= ' ' || c == 0x7f || c == '/' || c == '[' || c == ']' || c == '@' || c == '\\';
    }

    /** A TLS address, the only kind that must work everywhere. */
    public static TransportAddress tls(String host, int port) {
        return new TransportAddress("tls", host, port);
    }

    /**
     * Reads {@code type:host:port} or {@code type://host:port}.
     *
     * @throws IllegalArgumentException naming the text and what was expected
     */
    public static TransportAddress parse(String text) {
        Objects.requireNonNull(text, "text");
        int typeEnd = text.indexOf(':');
        int portStart = text.lastIndexOf(':');
        if (typeEnd <= 0 || portStart <= typeEnd) {
            throw new IllegalArgumentException(
                    "address '" + text + "' (expected: type:host:port, e.g. tls:router.example:3022)");
        }
        String host = text.substring(typeEnd + 1, portStart);
        if (host.startsWith("//")) {
            host = host.substring(2);
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("address '" + text + "' (expected: an IPv6 host in brackets)");
        }
        try {
            return new TransportAddress(
                    text.substring(0, typeEnd).toLowerCase(java.util.Locale.ROOT),
                    host,
                    Integer.parseInt(text.substring(portStart + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "address '" + text + "' (expected: a decimal port after the last ':')", e);
        }
    }

    /** {@code host:port} with IPv6 in brackets. */
    public String hostAndPort() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The form that REST answers carry: {@code type://host:port}. */
    public String toUrl() {
        return type + "://" + hostAndPort();
    }

    @Override
    public String toString() {
        return type + ":" + hostAndPort();
    }
}
