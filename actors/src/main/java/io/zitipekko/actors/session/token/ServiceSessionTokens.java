package io.zitipekko.actors.session.token;

import com.nimbusds.jwt.JWTClaimsSet;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.SessionId;
import io.zitipekko.actors.session.token.InvalidTokenException.Reason;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** Issues and verifies the tokens of service sessions: opaque to SDKs, checked by routers (protocol/05 section 9.3). Thread-safe. */
public final class ServiceSessionTokens {
    /** Nominal; the API session ends it earlier. */
    static final Duration LIFETIME = Duration.ofDays(365);

    private static final String AUDIENCE = "openziti";
    private static final String TOKEN_TYPE = "s";

    private final SignedTokens tokens;
    private final String issuer;
    private final Clock clock;

    /** @param edgeApiAddress host:port, without scheme */
    public ServiceSessionTokens(SignedTokens tokens, String edgeApiAddress, Clock clock) {
        this.tokens = tokens;
        this.issuer = "https://" + edgeApiAddress;
        this.clock = clock;
    }

    /** The token of a stored session. Call it after the session was found or made, so that {@code jti} names what is stored. */
    public String issue(Session session) {
        Instant now = clock.instant();
        return tokens.sign(new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(session.serviceId().value())
                .audience(AUDIENCE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .jwtID(session.id().value())
                .claim("z_asid", session.apiSessionId().value())
                .claim("z_iid", session.identityId().value())
                .claim("z_t", TOKEN_TYPE)
                .claim("z_st", wireName(session.type()))
                .claim("z_leg", true)
                .build());
    }

    /**
     * Says what the token says, if it is a service-session token of this network whose time has not passed. Whether the session still
     * exists, and whether it may still be used, is for the caller to ask.
     */
    public ServiceSessionClaims verify(String token) throws InvalidTokenException {
        JWTClaimsSet claims = tokens.verify(token);
        try {
            if (!TOKEN_TYPE.equals(claims.getStringClaim("z_t"))) {
                throw invalid("not a service-session token: z_t is '" + claims.getStringClaim("z_t") + "'");
            }
            if (!claims.getAudience().contains(AUDIENCE)) {
                throw invalid("a token for " + claims.getAudience() + " (expected: " + AUDIENCE + ")");
            }
            return new ServiceSessionClaims(
                    new SessionId(claims.getJWTID()),
                    new ServiceId(claims.getSubject()),
                    new ApiSessionId(claims.getStringClaim("z_asid")),
                    new IdentityId(claims.getStringClaim("z_iid")),
                    type(claims.getStringClaim("z_st")),
                    Boolean.TRUE.equals(claims.getBooleanClaim("z_leg")),
                    claims.getIssueTime() == null
                            ? Instant.EPOCH
                            : claims.getIssueTime().toInstant(),
                    claims.getExpirationTime().toInstant());
        } catch (ParseException | IllegalArgumentException e) {
            throw invalid("a service-session token with unusable claims");
        }
    }

    /** {@code Dial} or {@code Bind}. */
    public static String wireName(PolicyType type) {
        return type == PolicyType.DIAL ? "Dial" : "Bind";
    }

    private static PolicyType type(@org.jspecify.annotations.Nullable String text) throws InvalidTokenException {
        if ("Dial".equals(text)) {
            return PolicyType.DIAL;
        }
        if ("Bind".equals(text)) {
            return PolicyType.BIND;
        }
        throw invalid("a session type '" + text + "' (expected: Dial or Bind)");
    }

    private static InvalidTokenException invalid(String message) {
        return new InvalidTokenException(Reason.INVALID, message);
    }
}
