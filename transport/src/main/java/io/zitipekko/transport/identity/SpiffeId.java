package io.zitipekko.transport.identity;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;

/**
 * A {@code spiffe://} name from a certificate's URI SAN (protocol/01 section 3).
 *
 * @param trustDomain host part
 * @param path with leading slash, or empty for a CA
 */
public record SpiffeId(String trustDomain, String path) {
    private static final String SCHEME = "spiffe:";

    public SpiffeId {
        Objects.requireNonNull(trustDomain, "trustDomain");
        Objects.requireNonNull(path, "path");
    }

    /**
     * Reads a SPIFFE URI. Strict, because authority hangs on its path: no user, port, query, fragment or percent escapes,
     * which could smuggle in a slash.
     *
     * @throws IllegalArgumentException when the text is not a SPIFFE URI
     */
    public static SpiffeId parse(String uri) {
        URI parsed = URI.create(uri);
        String authority = parsed.getRawAuthority();
        if (!"spiffe".equalsIgnoreCase(parsed.getScheme())
                || authority == null
                || authority.indexOf('@') >= 0
                || authority.indexOf(':') >= 0
                || uri.indexOf('%') >= 0
                || parsed.getRawQuery() != null
                || parsed.getRawFragment() != null) {
            throw new IllegalArgumentException("SPIFFE id '" + uri + "' (expected: spiffe://<trust domain>/<path>)");
        }
        return new SpiffeId(authority, parsed.getRawPath() == null ? "" : parsed.getRawPath());
    }

    /** Whether a URI claims to be a SPIFFE id, well-formed or not. */
    static boolean isClaimedBy(String uri) {
        return uri.toLowerCase(Locale.ROOT).startsWith(SCHEME);
    }

    public static SpiffeId controller(String trustDomain, String controllerId) {
        return new SpiffeId(trustDomain, "/controller/" + controllerId);
    }

    public static SpiffeId identity(String trustDomain, String identityId) {
        return new SpiffeId(trustDomain, "/identity/" + identityId);
    }

    @Override
    public String toString() {
        return "spiffe://" + trustDomain + path;
    }
}
