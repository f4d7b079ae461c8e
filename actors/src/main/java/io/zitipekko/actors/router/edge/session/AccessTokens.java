package io.zitipekko.actors.router.edge.session;

import com.nimbusds.jwt.JWTClaimsSet;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.actors.session.token.InvalidTokenException;
import io.zitipekko.actors.session.token.SignedTokens;
import io.zitipekko.transport.identity.Fingerprint;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks OIDC access tokens with the keys of the router's data model (protocol/02 section 4.3). Thread-safe. */
public final class AccessTokens {
    private static final String TOKEN_TYPE = "a";
    private static final Set<String> AUDIENCES = Set.of("openziti", "native");

    private final SignedTokens signed;

    public AccessTokens(RouterDataModel model, Clock clock) {
        this.signed = new SignedTokens(
                () -> {
                    throw new UnsupportedOperationException("a router signs no tokens");
                },
                kid -> model.jwtKey(kid.hex()),
                clock);
    }

    /** What the token says; its signature is by a controller and it has not expired. Revocations are for the caller to ask about. */
    public AccessToken verify(String token) throws InvalidTokenException {
        JWTClaimsSet claims = signed.verify(token);
        try {
            if (!TOKEN_TYPE.equals(claims.getStringClaim("z_t"))) {
                throw invalid("not an access token: z_t is '" + claims.getStringClaim("z_t") + "'");
            }
            if (claims.getAudience().stream().noneMatch(AUDIENCES::contains)) {
                throw invalid("a token for " + claims.getAudience() + " (expected: one of " + AUDIENCES + ")");
            }
            if (claims.getSubject() == null || claims.getStringClaim("z_asid") == null) {
                throw invalid("an access token without sub or z_asid");
            }
            List<String> fingerprints = claims.getStringListClaim("z_cfs");
            return new AccessToken(
                    new ApiSessionId(claims.getStringClaim("z_asid")),
                    new IdentityId(claims.getSubject()),
                    fingerprints == null
                            ? Set.of()
                            : fingerprints.stream().map(Fingerprint::new).collect(Collectors.toSet()),
                    Boolean.TRUE.equals(claims.getBooleanClaim("z_cae")),
                    // Without it any revocation of the identity is later.
                    claims.getIssueTime() == null
                            ? Instant.EPOCH
                            : claims.getIssueTime().toInstant(),
                    claims.getExpirationTime().toInstant());
        } catch (ParseException | IllegalArgumentException e) {
            throw invalid("an access token with unusable claims");
        }
    }

    private static InvalidTokenException invalid(String message) {
        return new InvalidTokenException(InvalidTokenException.Reason.INVALID, message);
    }
}
