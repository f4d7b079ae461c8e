package io.zitipekko.actors.router.edge.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jwt.JWTClaimsSet;
import io.zitipekko.actors.router.datamodel.StreamedDataModel;
import io.zitipekko.actors.session.token.InvalidTokenException;
import io.zitipekko.actors.session.token.ServiceSessionTokens;
import io.zitipekko.actors.session.token.SignedTokens;
import io.zitipekko.actors.session.token.SigningKey;
import io.zitipekko.actors.session.token.TrustedKeys;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.fuzz.Pki;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tokens that SDKs show: an {@link InvalidTokenException} for all but the ones that were signed. Claims of any kind are also tried with a
 * genuine signature over them, so that what is behind the signature is tried, too.
 */
class TokenFuzzTest {
    private static final SigningKey KEY = SigningKey.of(Pki.LEAF, Pki.LEAF_KEYS.getPrivate());
    private static final SignedTokens TOKENS =
            new SignedTokens(() -> KEY, TrustedKeys.only(() -> KEY), Clock.systemUTC());
    private static final ServiceSessionTokens SESSIONS =
            new ServiceSessionTokens(TOKENS, "ctrl.example.net:1280", Clock.systemUTC());
    private static final Set<String> GENUINE = tokens().collect(Collectors.toSet());

    private static Stream<String> tokens() {
        Date later = Date.from(Instant.now().plusSeconds(100_000));
        return Stream.of(
                TOKENS.sign(new JWTClaimsSet.Builder()
                        .subject("i1")
                        .audience("openziti")
                        .expirationTime(later)
                        .claim("z_t", "a")
                        .claim("z_asid", "as1")
                        .claim("z_cfs", List.of("da39a3ee5e6b4b0d3255bfef95601890afd80709"))
                        .build()),
                TOKENS.sign(new JWTClaimsSet.Builder()
                        .subject("s1")
                        .jwtID("se1")
                        .audience("openziti")
                        .expirationTime(later)
                        .claim("z_t", "s")
                        .claim("z_st", "Dial")
                        .claim("z_iid", "i1")
                        .claim("z_asid", "as1")
                        .build()));
    }

    static Stream<byte[]> texts() {
        return Stream.concat(
                        GENUINE.stream(),
                        Stream.of(
                                "{\"z_t\":\"a\",\"aud\":[\"openziti\"],\"sub\":\"i1\",\"z_asid\":\"x\",\"exp\":9999999999}",
                                "{\"z_t\":\"s\",\"aud\":\"openziti\",\"sub\":\"\",\"z_st\":1,\"exp\":9999999999}",
                                "{\"z_t\":[],\"aud\":[1],\"exp\":1e400,\"z_cfs\":[null]}",
                                "eyJhbGciOiJub25lIn0.e30.",
                                "a.b.c"))
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("texts")
    @FuzzTest
    void onlySignedTokensAreBelieved(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Bounds.hold(bytes.length, () -> {
            SessionTokens.looksLikeServiceSession(text);
            try {
                TOKENS.verify(text);
                assertThat(GENUINE).as("believed, although nobody signed it").contains(text.strip());
            } catch (InvalidTokenException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
            claims(bytes);
        });
    }

    /** These bytes as claims, well signed: what verifying them leaves to find out. */
    private static void claims(byte[] json) {
        String token;
        try {
            token = signed(json);
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
        AccessTokens access = new AccessTokens(new StreamedDataModel(), Clock.systemUTC());
        SessionTokens.looksLikeServiceSession(token);
        try {
            SESSIONS.verify(token);
        } catch (InvalidTokenException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
        try {
            access.verify(token);
        } catch (InvalidTokenException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    private static String signed(byte[] payload) throws com.nimbusds.jose.JOSEException {
        var header = new com.nimbusds.jose.JWSHeader.Builder(com.nimbusds.jose.JWSAlgorithm.ES256)
                .keyID(KEY.kid().hex())
                .build();
        var token = new com.nimbusds.jose.JWSObject(
                header, new com.nimbusds.jose.Payload(com.nimbusds.jose.util.Base64URL.encode(payload)));
        token.sign(new com.nimbusds.jose.crypto.ECDSASigner(
                (java.security.interfaces.ECPrivateKey) Pki.LEAF_KEYS.getPrivate()));
        assertThat(Base64.getUrlDecoder().decode(token.serialize().split("\\.")[1]))
                .isEqualTo(payload);
        return token.serialize();
    }
}
