package io.zitipekko.actors.router.edge.session;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.actors.session.token.InvalidTokenException;
import io.zitipekko.actors.session.token.ServiceSessionClaims;
import io.zitipekko.actors.session.token.ServiceSessionTokens;
import io.zitipekko.actors.session.token.SignedTokens;
import java.text.ParseException;
import java.time.Clock;

/** Checks service-session tokens with the keys of the router's data model (protocol/02 section 7). Thread-safe. */
public final class SessionTokens {
    /** Longest text that is parsed at all. */
    private static final int MAX_LENGTH = 16 * 1024;

    private final ServiceSessionTokens tokens;

    public SessionTokens(RouterDataModel model, Clock clock) {
        SignedTokens signed = new SignedTokens(
                () -> {
                    throw new UnsupportedOperationException("a router signs no tokens");
                },
                kid -> model.jwtKey(kid.hex()),
                clock);
        this.tokens = new ServiceSessionTokens(signed, "", clock);
    }

    /** Whether the text is shaped like a token and says that it is a service session's; nothing is verified. */
    public static boolean looksLikeServiceSession(String text) {
        if (text.length() > MAX_LENGTH || !text.startsWith("ey")) {
            return false;
        }
        try {
            JWTClaimsSet claims = SignedJWT.parse(text).getJWTClaimsSet();
            return claims != null && "s".equals(claims.getStringClaim("z_t"));
        } catch (ParseException | IllegalArgumentException e) {
            return false;
        }
    }

    /** The claims of a service-session token of this very API session. */
    public ServiceSessionClaims verify(String token, EdgeSession session) throws InvalidTokenException {
        ServiceSessionClaims claims = tokens.verify(token);
        if (!claims.apiSessionId().equals(session.apiSessionId())) {
            throw new InvalidTokenException(
                    InvalidTokenException.Reason.INVALID,
                    "api session id (" + session.apiSessionId() + ") does not match service session api session id ("
                            + claims.apiSessionId() + ")");
        }
        if (!claims.identityId().equals(session.identityId())) {
            throw new InvalidTokenException(
                    InvalidTokenException.Reason.INVALID,
                    "identity id (" + session.identityId() + ") does not match service session identity id ("
                            + claims.identityId() + ")");
        }
        return claims;
    }
}
