package io.zitipekko.transport.tls;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a TLS client (RFC 8446 section 4.1.2), as far as a listener must know it before it chooses
 * certificates and protocol. Nothing in it is authenticated.
 *
 * @param serverName the host that the client wants, lower case, if it says so
 * @param alpn protocol names in the client's order; empty when it offers none
 * @param signatureSchemes code points; empty when it names none
 * @param tls13 whether the client offers TLS 1.3
 */
record ClientHello(Optional<String> serverName, List<String> alpn, List<Integer> signatureSchemes, boolean tls13) {
    /** Real hellos have some 200 to 2000 bytes. */
    static final int MAX_MESSAGE = 16 * 1024;

    private static final int MAX_RECORDS = 32;
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int HANDSHAKE_RECORD = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int RANDOM_LENGTH = 32;
    private static final int EXTENSION_SERVER_NAME = 0;
    private static final int EXTENSION_SIGNATURE_ALGORITHMS = 13;
    private static final int EXTENSION_ALPN = 16;
    private static final int EXTENSION_SUPPORTED_VERSIONS = 43;
    private static final int TLS_1_2 = 0x0303;
    private static final int TLS_1_3 = 0x0304;
    private static final int HOST_NAME = 0;

    ClientHello {
        alpn = List.copyOf(alpn);
        signatureSchemes = List.copyOf(signatureSchemes);
    }

    /**
     * Reads a hello from the first bytes of a connection, which may end anywhere and may spread it over several records.
     * Does not move the buffer's position.
     *
     * @return empty while bytes are missing
     * @throws RefusedClientHelloException when these bytes can no longer become a hello that we take
     */
    static Optional<ClientHello> parse(ByteBuffer received) throws RefusedClientHelloException {
        ByteBuffer message = reassemble(received.duplicate());
        if (message == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(message));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new RefusedClientHelloException(TlsAlert.DECODE_ERROR, "ClientHello is malformed", e);
        }
    }

    /** The handshake message without its header, joined from its records; null while incomplete. */
    private static @Nullable ByteBuffer reassemble(ByteBuffer in) throws RefusedClientHelloException {
        byte[] joined = new byte[0];
        for (int records = 0; in.hasRemaining(); records++) {
            if ((in.get(in.position()) & 0xff) != HANDSHAKE_RECORD) {
                throw new RefusedClientHelloException(
                        TlsAlert.UNEXPECTED_MESSAGE,
                        "the peer does not speak TLS: its first record is not a handshake");
            }
            if (in.remaining() < RECORD_HEADER) {
                return null;
            }
            int major = in.get(in.position() + 1) & 0xff;
            int length = in.getShort(in.position() + 3) & 0xffff;
            if (major != 3) {
                throw new RefusedClientHelloException(
                        TlsAlert.PROTOCOL_VERSION, "record version " + major + ".x (expected: 3.x, TLS)");
            }
            if (length == 0 || length > MAX_MESSAGE || records == MAX_RECORDS) {
                throw new RefusedClientHelloException(
                        TlsAlert.DECODE_ERROR,
                        "ClientHello in a record of " + length + " bytes or in too many records");
            }
            in.position(in.position() + RECORD_HEADER);
            int here = Math.min(length, in.remaining());
            byte[] longer = java.util.Arrays.copyOf(joined, joined.length + here);
            in.get(longer, joined.length, here);
            joined = longer;
            if (joined.length >= MESSAGE_HEADER) {
                int messageLength = ((joined[1] & 0xff) << 16) | ((joined[2] & 0xff) << 8) | (joined[3] & 0xff);
                if (joined[0] != CLIENT_HELLO || messageLength > MAX_MESSAGE) {
                    throw new RefusedClientHelloException(
                            TlsAlert.UNEXPECTED_MESSAGE,
                            "first handshake message has type " + joined[0] + " and " + messageLength
                                    + " bytes (expected: a ClientHello of at most " + MAX_MESSAGE + ")");
                }
                if (joined.length >= MESSAGE_HEADER + messageLength) {
                    return ByteBuffer.wrap(joined, MESSAGE_HEADER, messageLength)
                            .slice();
                }
            }
        }
        return null;
    }

    private static ClientHello read(ByteBuffer in) throws RefusedClientHelloException {
        int version = in.getShort() & 0xffff;
        in.position(in.position() + RANDOM_LENGTH);
        vector8(in); // session id
        vector16(in); // cipher suites
        vector8(in); // compression methods
        String serverName = null;
        List<String> alpn = List.of();
        List<Integer> schemes = List.of();
        boolean tls13 = false;
        boolean tls12 = version >= TLS_1_2;
        if (in.hasRemaining()) {
            ByteBuffer extensions = vector16(in);
            while (extensions.hasRemaining()) {
                int type = extensions.getShort() & 0xffff;
                ByteBuffer data = vector16(extensions);
                switch (type) {
                    case EXTENSION_SERVER_NAME -> serverName = serverName(data);
                    case EXTENSION_ALPN -> alpn = alpn(data);
                    case EXTENSION_SIGNATURE_ALGORITHMS -> schemes = numbers(vector16(data));
                    case EXTENSION_SUPPORTED_VERSIONS -> {
                        List<Integer> versions = numbers(vector8(data));
                        tls13 = versions.contains(TLS_1_3);
                        tls12 = versions.contains(TLS_1_2);
                    }
                    default -> {} // none of the listener's business
                }
            }
        }
        if (!tls12 && !tls13) {
            throw new RefusedClientHelloException(
                    TlsAlert.PROTOCOL_VERSION, "client offers neither TLS 1.2 nor TLS 1.3");
        }
        return new ClientHello(Optional.ofNullable(serverName), alpn, schemes, tls13);
    }

    private static @Nullable String serverName(ByteBuffer data) {
        ByteBuffer names = vector16(data);
        String host = null;
        while (names.hasRemaining()) {
            int type = names.get();
            ByteBuffer name = vector16(names);
            if (type == HOST_NAME && host == null) {
                host = text(name).toLowerCase(Locale.ROOT);
            }
        }
        return host;
    }

    private static List<String> alpn(ByteBuffer data) {
        List<String> names = new ArrayList<>();
        ByteBuffer list = vector16(data);
        while (list.hasRemaining()) {
            names.add(text(vector8(list)));
        }
        return names;
    }

    private static List<Integer> numbers(ByteBuffer list) {
        List<Integer> numbers = new ArrayList<>();
        while (list.hasRemaining()) {
            numbers.add(list.getShort() & 0xffff);
        }
        return numbers;
    }

    private static ByteBuffer vector8(ByteBuffer in) {
        return take(in, in.get() & 0xff);
    }

    private static ByteBuffer vector16(ByteBuffer in) {
        return take(in, in.getShort() & 0xffff);
    }

    private static ByteBuffer take(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer taken = in.slice(in.position(), length);
        in.position(in.position() + length);
        return taken;
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }
}
