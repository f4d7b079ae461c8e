package io.zitipekko.actors.enrollment;

import com.nimbusds.jwt.JWTClaimsSet;
import io.zitipekko.actors.session.token.SignedTokens;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Signs what is handed to somebody who is to enrol. protocol/05 section 7.1, protocol/03 section 5.1. Thread-safe. */
public final class EnrollmentTokens {
    private final SignedTokens tokens;
    private final String edgeApiAddress;
    private final List<String> controlAddresses;

    /**
     * @param tokens signs with the key of the certificate that serves {@code edgeApiAddress}
     * @param edgeApiAddress host:port
     * @param controlAddresses e.g. {@code tls:ctrl.example.com:6262}
     */
    public EnrollmentTokens(SignedTokens tokens, String edgeApiAddress, List<String> controlAddresses) {
        this.tokens = tokens;
        this.edgeApiAddress = edgeApiAddress;
        this.controlAddresses = List.copyOf(controlAddresses);
    }

    /**
     * The token of one enrolment; its claims are exactly iss, sub, aud, exp, jti, em, ctrls.
     *
     * @param method {@code ott}, {@code updb}, {@code erott}
     * @param subject identity or router id
     * @param secret what is sent back when enrolling
     * @param expiresAt when it ends, in whole seconds
     */
    public String issue(String method, String subject, String secret, Instant expiresAt) {
        return tokens.sign(new JWTClaimsSet.Builder()
                .issuer("https://" + edgeApiAddress)
                .subject(subject)
                .claim("aud", List.of(""))
                .expirationTime(Date.from(expiresAt))
                .jwtID(secret)
                .claim("em", method)
                .claim("ctrls", controlAddresses)
                .build());
    }

    /**
     * The token that tells where a third party's authority enrols, and gives no right by itself ({@code GET /cas/{id}/jwt}).
     *
     * @param id of the authority
     */
    public String authority(String id) {
        return tokens.sign(new JWTClaimsSet.Builder()
                .issuer("https://" + edgeApiAddress + "/")
                .subject(id)
                .jwtID(id)
                .claim("em", "ca")
                .build());
    }

    /**
     * The token that names the network and gives no right by itself ({@code GET /network-jwts}).
     *
     * @param id a UUID
     */
    public String network(String id) {
        String issuer = "https://" + edgeApiAddress + "/";
        return tokens.sign(new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(issuer)
                .claim("aud", List.of("openziti-enroller"))
                .jwtID(id)
                .claim("em", "network")
                .claim("ctrls", null)
                .build());
    }
}
