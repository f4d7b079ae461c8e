package io.zitipekko.sdk.enroll;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.zitipekko.sdk.ZitiException;
import java.net.URI;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;

/**
 * A one-time enrollment token (protocol/05 section 7.1). Its claims are only claims until {@link #verify}.
 *
 * @param issuer the controller, {@code https://host:port}
 * @param subject the identity's id
 * @param method {@code ott}, {@code updb}, …
 * @param secret the one-time secret, {@code jti}
 */
record EnrollmentToken(SignedJWT jwt, URI issuer, String subject, String method, String secret) {
    private static final int MAX_LENGTH = 64 << 10;

    /** @throws ZitiException when it is not an enrollment token */
    static EnrollmentToken parse(String text) {
        String trimmed = text.strip();
        if (trimmed.length() > MAX_LENGTH) {
            throw new ZitiException("enrollment token of " + trimmed.length() + " characters (expected: a JWT)");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(trimmed);
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            String issuer = Objects.requireNonNullElse(claims.getIssuer(), "");
            URI uri = URI.create(issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer);
            if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
                throw new ZitiException("enrollment token of issuer '" + issuer + "' (expected: https://host:port)");
            }
            return new EnrollmentToken(
                    jwt,
                    uri,
                    Objects.requireNonNullElse(claims.getSubject(), ""),
                    Objects.requireNonNullElse(claims.getStringClaim("em"), ""),
                    Objects.requireNonNullElse(claims.getJWTID(), ""));
        } catch (ParseException | IllegalArgumentException e) {
            throw new ZitiException("the enrollment token is not a signed JWT (three parts with dots between)", e);
        }
    }

    /**
     * Checks the signature against the certificate that the issuer presents, and the token's life.
     *
     * @throws ZitiException when it is not that issuer's, or has expired
     */
    void verify(X509Certificate leaf, Clock clock) {
        try {
            if (!jwt.verify(verifier(leaf.getPublicKey()))) {
                throw new ZitiException(
                        "the enrollment token is not signed by the controller at " + issuer.getAuthority());
            }
            Date expires = jwt.getJWTClaimsSet().getExpirationTime();
            Instant now = clock.instant();
            if (expires == null || !now.isBefore(expires.toInstant())) {
                throw new ZitiException("the enrollment token has expired"
                        + (expires == null ? " (it says no time)" : " at " + expires.toInstant())
                        + ": ask for a new one");
            }
        } catch (JOSEException | ParseException e) {
            throw new ZitiException(
                    "the enrollment token's signature (" + jwt.getHeader().getAlgorithm()
                            + ") cannot be checked with the "
                            + leaf.getPublicKey().getAlgorithm() + " key of the controller at " + issuer.getAuthority(),
                    e);
        }
    }

    private static JWSVerifier verifier(PublicKey key) throws JOSEException {
        if (key instanceof ECPublicKey ec) {
            return new ECDSAVerifier(ec);
        }
        if (key instanceof RSAPublicKey rsa) {
            return new RSASSAVerifier(rsa);
        }
        throw new JOSEException("unexpected key " + key.getAlgorithm());
    }

    @Override
    public String toString() {
        return "EnrollmentToken[" + method + " at " + issuer + "]";
    }
}
