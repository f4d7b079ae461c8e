package io.zitipekko.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.session.token.InvalidTokenException;
import io.zitipekko.actors.session.token.SignedTokens;
import io.zitipekko.actors.session.token.SigningKey;
import io.zitipekko.actors.session.token.TrustedKeys;
import io.zitipekko.api.query.InvalidQueryException;
import io.zitipekko.api.query.QueryParser;
import io.zitipekko.api.query.SymbolTable;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.transport.identity.InvalidIdentityException;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.PemBlock;
import io.zitipekko.transport.pki.CertsOnlyPkcs7;
import io.zitipekko.transport.pki.Csr;
import io.zitipekko.transport.pki.InvalidCsrException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs as large as a peer may send, made to cost more than they are: nested, repeated, never ended. A fuzzer begins too small for them. */
class HostileSizesTest {
    /** As large as a request's body may be. */
    private static final int BODY = 1 << 20;

    private static final SymbolTable<String> TABLE = SymbolTable.<String>of(id -> id)
            .string("name", id -> id)
            .strings("roleAttributes", id -> java.util.List.of("a", "b"))
            .build();

    static Stream<String> pems() {
        return Stream.of(
                filled("-----BEGIN X-----\n"),
                filled("-----BEGIN "),
                filled("-----"),
                filled("-----BEGIN X-----\n-----END Y-----\n"),
                filled("-----BEGIN X-----\na:\n-----END X-----\n"),
                "-----BEGIN CERTIFICATE REQUEST-----\n" + filled("\n") + "-----END CERTIFICATE REQUEST-----");
    }

    @ParameterizedTest
    @MethodSource("pems")
    void aPemTextCostsNoMoreThanItsLength(String text) {
        Bounds.hold(text.length(), () -> {
            PemBlock.readAll(text);
            try {
                Pem.certificates(text);
            } catch (InvalidIdentityException refused) {
                assertThat(refused.getMessage().length()).isLessThan(1000);
            }
            try {
                Csr.parse(text);
            } catch (InvalidCsrException refused) {
                assertThat(refused.getMessage().length()).isLessThan(1000);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0x30, 0x31, 0xa0, 0x24})
    void nestedAsn1IsRefused(int tag) {
        byte[] nested = nested(tag, 20_000);
        Bounds.hold(nested.length, () -> {
            try {
                Csr.parse(nested);
            } catch (InvalidCsrException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
            try {
                Pem.certificate(nested);
            } catch (InvalidIdentityException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
            try {
                CertsOnlyPkcs7.decode(nested);
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
            try {
                Pem.privateKey(Pem.block("PRIVATE KEY", nested));
            } catch (InvalidIdentityException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        });
    }

    /** One value in another, from the inside out, each with the length that it has. */
    private static byte[] nested(int tag, int depth) {
        ByteArrayOutputStream reversed = new ByteArrayOutputStream();
        int length = 0;
        for (int i = 0; i < depth; i++) {
            int left = length;
            int octets = 0;
            if (length < 128) {
                reversed.write(length);
                octets = 1;
            } else {
                for (; left > 0; left >>>= 8, octets++) {
                    reversed.write(left & 0xff);
                }
                reversed.write(0x80 | octets++);
            }
            reversed.write(tag);
            length += octets + 1;
        }
        byte[] bytes = reversed.toByteArray();
        for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
            byte b = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = b;
        }
        return bytes;
    }

    static Stream<String> filters() {
        return Stream.of(
                "(".repeat(16_000),
                "not ".repeat(2000) + "true",
                "true" + " and true".repeat(1900),
                "true" + " or not true".repeat(1300),
                "name in [" + "\"a\",".repeat(1900) + "\"a\"]",
                "isEmpty(from ".repeat(1000),
                "anyOf(roleAttributes) icontains \"" + "a".repeat(16_000) + "\"",
                "name = \"" + "\\\\".repeat(8000) + "\"",
                "9".repeat(16_000),
                "name = " + "9".repeat(16_000),
                "name = 1e" + "9".repeat(16_000),
                "sort by name" + ", name".repeat(1900),
                "name" + " ".repeat(16_000) + "= \"a\"",
                "datetime(".repeat(1700),
                "\"".repeat(16_000));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void aFilterCostsNoMoreThanItsLength(String filter) {
        Bounds.hold(filter.length(), () -> {
            try {
                var query = QueryParser.parse(TABLE, filter, "");
                if (query.filter() != null) {
                    query.filter().test("a", null);
                }
            } catch (InvalidQueryException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        });
    }

    static Stream<String> tokens() {
        String header = encoded("{\"alg\":\"ES256\",\"kid\":\"da39a3ee5e6b4b0d3255bfef95601890afd80709\"}");
        return Stream.of(
                header + "." + encoded("[".repeat(11_000)) + ".AAAA",
                header + "." + encoded("{\"a\":".repeat(2200)) + ".AAAA",
                encoded("{\"a\":".repeat(2200)) + ".e30.AAAA",
                header + "." + encoded("{\"exp\":" + "9".repeat(11_000) + "}") + ".AAAA",
                header + "." + encoded("{\"exp\":1e" + "9".repeat(9) + "}") + ".AAAA",
                ".".repeat(16_000),
                "ey" + filled("a"),
                header + "." + encoded("{}") + "." + "A".repeat(16_000));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void aTokenCostsNoMoreThanItsLength(String token) {
        SigningKey key = SigningKey.of(Pki.LEAF, Pki.LEAF_KEYS.getPrivate());
        SignedTokens tokens = new SignedTokens(() -> key, TrustedKeys.only(() -> key), Clock.systemUTC());
        Bounds.hold(token.length(), () -> {
            io.zitipekko.actors.router.edge.session.SessionTokens.looksLikeServiceSession(token);
            try {
                tokens.verify(token);
                throw new AssertionError("believed");
            } catch (InvalidTokenException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"id\":", "\"", "9", "{\"ztAPIs\":["})
    void anIdentityFileCostsNoMoreThanItsLength(String part) {
        String json = filled(part);
        Bounds.hold(json.length(), () -> {
            try {
                ZitiIdentityFile.parse(json);
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage().length()).isLessThan(1000);
            }
        });
    }

    private static String filled(String part) {
        return part.repeat(BODY / part.length());
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
