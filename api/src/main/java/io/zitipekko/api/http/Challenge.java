package io.zitipekko.api.http;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One challenge of a {@code WWW-Authenticate} header. protocol/05 section 4.3.
 *
 * @param scheme {@code zt-session} or {@code Bearer}
 * @param error {@code missing}, {@code invalid} or {@code expired}
 */
public record Challenge(String scheme, String realm, String error, String description) {
    private static final String MISSING = "no matching token was provided";

    /** The legacy token is unknown or expired. */
    public static final Challenge INVALID_SESSION =
            new Challenge("zt-session", "zt-session", "invalid", "token is invalid");

    /** A bearer token is not ours, or is damaged. */
    public static final Challenge INVALID_BEARER =
            new Challenge("Bearer", "openziti-oidc", "invalid", "token is invalid");

    /** A bearer token of ours is past its time. */
    public static final Challenge EXPIRED_BEARER = new Challenge("Bearer", "openziti-oidc", "expired", "token expired");

    /** Nothing was sent. */
    public static final List<Challenge> NOTHING = List.of(
            new Challenge("zt-session", "zt-session", "missing", MISSING),
            new Challenge("Bearer", "openziti-oidc", "missing", MISSING));

    /** All challenges as the one header line. */
    public static String header(List<Challenge> challenges) {
        return challenges.stream().map(Challenge::toString).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return scheme + " realm=\"" + realm + "\" error=\"" + error + "\" error_description=\"" + description + "\"";
    }
}
