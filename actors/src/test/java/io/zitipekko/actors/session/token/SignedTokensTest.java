package io.zitipekko.actors.session.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.zitipekko.actors.session.token.InvalidTokenException.Reason;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final SigningKey P256 = signingKey(KeyPairs.p256());

    private final SignedTokens tokens = new SignedTokens(() -> P256, TrustedKeys.only(() -> P256), CLOCK);

    static SigningKey signingKey(KeyPair keys) {
        KeyPair rootKeys = KeyPairs.p256();
        CertificateAuthority root = CertificateAuthority.selfSignedRoot(
                CertificateSubject.commonName("root"), rootKeys, "test", Duration.ofDays(100));
        return SigningKey.of(
                root.issueServer(
                        CertificateSubject.of("ctrl", keys.getPublic(), AlternativeNames.NONE), Duration.ofDays(10)),
                keys.getPrivate());
    }

    private static KeyPair p521() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp521r1"));
        return generator.generateKeyPair();
    }

    static Stream<Arguments> keys() throws Exception {
        return Stream.of(
                Arguments.of(KeyPairs.p256(), "ES256"),
                Arguments.of(KeyPairs.p384(), "ES384"),
                Arguments.of(p521(), "ES512"),
                Arguments.of(KeyPairs.rsa(2048), "RS256"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "openziti"})
    void theAudienceIsAListAlsoWhenItIsOne(String audience) throws Exception {
        String token = tokens.sign(
                new JWTClaimsSet.Builder(claims()).audience(audience).build());

        assertThat(SignedJWT.parse(token).getPayload().toString()).contains("\"aud\":[\"" + audience + "\"]");
        assertThat(tokens.verify(token).getAudience()).containsExactly(audience);
    }

    private static JWTClaimsSet claims() {
        return new JWTClaimsSet.Builder()
                .subject("someone")
                .expirationTime(Date.from(NOW.plusSeconds(60)))
                .build();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aTokenIsSignedWithTheAlgorithmOfTheKeyAndVerifies(KeyPair keys, String algorithm) throws Exception {
        SigningKey key = signingKey(keys);
        SignedTokens signed = new SignedTokens(() -> key, TrustedKeys.only(() -> key), CLOCK);

        String token = signed.sign(claims());

        assertThat(signed.verify(token).getSubject()).isEqualTo("someone");
        assertThat(SignedJWT.parse(token).getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
        assertThat(SignedJWT.parse(token).getHeader().getKeyID())
                .isEqualTo(key.kid().hex());
    }

    @Test
    @DisplayName("CVE-2026-38651: a token's claims were read although its signature did not hold")
    void aTokenWithoutSignatureIsRefused() {
        assertRefused(new PlainJWT(claims()).serialize());
        String head = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("{\"alg\":\"none\",\"kid\":\"" + P256.kid() + "\"}").getBytes(StandardCharsets.UTF_8));
        assertRefused(head + "." + claims().toPayload().toBase64URL() + ".");
    }

    @Test
    void aTokenOfAnUnknownKeyIsRefused() {
        SigningKey stranger = signingKey(KeyPairs.p256());
        SignedTokens strangers = new SignedTokens(() -> stranger, TrustedKeys.only(() -> stranger), CLOCK);

        assertRefused(strangers.sign(claims()));
    }

    @Test
    void aTokenThatClaimsOurKidButIsSignedByAnotherKeyIsRefused() throws Exception {
        SigningKey stranger = signingKey(KeyPairs.p256());
        SignedJWT forged = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID(P256.kid().hex())
                        .build(),
                claims());
        forged.sign(stranger.signer());

        assertRefused(forged.serialize());
    }

    @Test
    void aTokenWhoseMacKeyIsOurPublicKeyIsRefused() throws Exception {
        SignedJWT forged = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(P256.kid().hex())
                        .build(),
                claims());
        forged.sign(new MACSigner(P256.publicKey().getEncoded()));

        assertRefused(forged.serialize());
    }

    @Test
    void aTokenWithChangedClaimsIsRefused() {
        String[] parts = tokens.sign(claims()).split("\\.");
        JWTClaimsSet other = new JWTClaimsSet.Builder(claims()).subject("admin").build();

        assertRefused(parts[0] + "." + other.toPayload().toBase64URL() + "." + parts[2]);
    }

    /** Numbers that solve the equation for any message where they are not refused, and forms that are none. */
    static Stream<byte[]> noSignatures() {
        byte[] order =
                new BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16).toByteArray();
        byte[] orders = new byte[64];
        System.arraycopy(order, 1, orders, 0, 32);
        System.arraycopy(order, 1, orders, 32, 32);
        byte[] largest = new byte[64];
        Arrays.fill(largest, (byte) 0xFF);
        byte[] one = new byte[64];
        one[31] = 1;
        one[63] = 1;
        return Stream.of(new byte[0], new byte[1], new byte[63], new byte[64], new byte[65], orders, largest, one);
    }

    @ParameterizedTest
    @MethodSource("noSignatures")
    void aTokenWhoseSignatureCannotBeOneIsRefused(byte[] signature) {
        String[] parts = tokens.sign(claims()).split("\\.");

        assertRefused(parts[0] + "." + parts[1] + "." + Base64URL.encode(signature));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aTokenWithOneBitOfItsSignatureChangedIsRefused(KeyPair keys, String algorithm) {
        SigningKey key = signingKey(keys);
        SignedTokens signed = new SignedTokens(() -> key, TrustedKeys.only(() -> key), CLOCK);
        String[] parts = signed.sign(claims()).split("\\.");
        byte[] signature = new Base64URL(parts[2]).decode();
        for (int at = 0; at < signature.length; at += 7) {
            byte[] changed = signature.clone();
            changed[at] ^= 1;

            assertThatThrownBy(
                            () -> signed.verify(parts[0] + "." + parts[1] + "." + Base64URL.encode(changed)),
                            "%s, byte %d",
                            algorithm,
                            at)
                    .isInstanceOf(InvalidTokenException.class);
        }
    }

    @Test
    void aTokenPastItsTimeIsRefusedAsExpired() {
        String token = tokens.sign(
                new JWTClaimsSet.Builder().expirationTime(Date.from(NOW)).build());

        assertThatThrownBy(() -> tokens.verify(token))
                .isInstanceOfSatisfying(
                        InvalidTokenException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EXPIRED));
    }

    @Test
    void aTokenWithoutEndIsRefused() {
        assertRefused(tokens.sign(new JWTClaimsSet.Builder().subject("forever").build()));
    }

    @Test
    void garbageAndOverlongTextsAreRefused() {
        assertRefused("");
        assertRefused("ey.ey.ey");
        assertRefused("a".repeat(SignedTokens.LONGEST + 1));
        assertRefused("eyJhbGciOiJub25lIn0.e30.");
    }

    private void assertRefused(String token) {
        assertThatThrownBy(() -> tokens.verify(token))
                .isInstanceOfSatisfying(
                        InvalidTokenException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID));
    }
}
