package io.zitipekko.actors.session.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.zitipekko.actors.session.token.InvalidTokenException.Reason;
import io.zitipekko.transport.identity.Fingerprint;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Clock;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Signs claims, and hands out the claims of a token only when its signature is by a controller's key, with that key's own algorithm, and
 * its time has not passed. Thread-safe.
 */
public final class SignedTokens {
    /** Longer texts are no tokens of ours: refused before they are parsed. */
    static final int LONGEST = 16 * 1024;

    private final Supplier<SigningKey> signing;
    private final TrustedKeys trusted;
    private final Clock clock;

    /**
     * @param signing this controller's key; asked at each signature, so that a reloaded certificate is used at once
     * @param trusted whose signatures count
     * @param clock what time it is
     */
    public SignedTokens(Supplier<SigningKey> signing, TrustedKeys trusted, Clock clock) {
        this.signing = signing;
        this.trusted = trusted;
        this.clock = clock;
    }

    /** The compact form of the claims, signed by this controller. */
    public String sign(JWTClaimsSet claims) {
        SigningKey key = signing.get();
        JWSObject token = new JWSObject(
                new JWSHeader.Builder(key.jwsAlgorithm())
                        .keyID(key.kid().hex())
                        .type(com.nimbusds.jose.JOSEObjectType.JWT)
                        .build(),
                payload(claims));
        try {
            token.sign(key.signer());
        } catch (JOSEException e) {
            throw new IllegalStateException(
                    "cannot sign with the key of " + key.certificate().getSubjectX500Principal() + ": "
                            + e.getMessage(),
                    e);
        }
        return token.serialize();
    }

    /** The claims as OpenZiti writes them: {@code aud} is a list, also when it holds one name only. */
    private static Payload payload(JWTClaimsSet claims) {
        Map<String, Object> json = new LinkedHashMap<>(claims.toJSONObject());
        if (json.containsKey("aud")) {
            json.put("aud", claims.getAudience());
        }
        return new Payload(json);
    }

    /**
     * @return the claims; their {@code exp} is present and lies ahead
     * @throws InvalidTokenException for anything else
     */
    public JWTClaimsSet verify(String token) throws InvalidTokenException {
        if (token.length() > LONGEST) {
            throw invalid("a token of " + token.length() + " characters (expected: at most " + LONGEST + ")");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            checkSignature(jwt);
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            Date now = Date.from(clock.instant());
            if (claims.getExpirationTime() == null) {
                throw invalid("a token without exp");
            }
            if (!claims.getExpirationTime().after(now)) {
                throw new InvalidTokenException(
                        Reason.EXPIRED,
                        "the token expired at " + claims.getExpirationTime().toInstant());
            }
            if (claims.getNotBeforeTime() != null && claims.getNotBeforeTime().after(now)) {
                throw invalid("a token that is valid only from "
                        + claims.getNotBeforeTime().toInstant());
            }
            return claims;
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            throw invalid("not a readable signed token");
        }
    }

    private void checkSignature(SignedJWT jwt) throws InvalidTokenException, JOSEException {
        JWSHeader header = jwt.getHeader();
        if (header.getKeyID() == null) {
            throw invalid("a token without kid");
        }
        if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
            throw invalid("a token with critical header parameters");
        }
        Optional<PublicKey> key = trusted.key(new Fingerprint(header.getKeyID()));
        if (key.isEmpty()) {
            throw invalid("a token signed by a key that no controller of this network has");
        }
        JWSAlgorithm expected = SigningKey.algorithmOf(key.get());
        if (!expected.equals(header.getAlgorithm())) {
            throw invalid("a token with algorithm " + header.getAlgorithm() + " (expected: " + expected + ")");
        }
        if (!verifies(jwt, key.get(), expected)) {
            throw invalid("a token whose signature does not verify");
        }
    }

    private static boolean verifies(SignedJWT jwt, PublicKey key, JWSAlgorithm algorithm) throws JOSEException {
        if (key instanceof ECPublicKey ec) {
            return EcdsaSignature.verifies(
                    ec, algorithm, jwt.getSigningInput(), jwt.getSignature().decode());
        }
        return jwt.verify(new RSASSAVerifier((RSAPublicKey) key));
    }

    private static InvalidTokenException invalid(String message) {
        return new InvalidTokenException(Reason.INVALID, message);
    }
}
