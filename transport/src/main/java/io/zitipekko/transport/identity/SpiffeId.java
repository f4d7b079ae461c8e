package io.zitipekko.transport.identity;

import java.net.URI;
import java.util.Objects;

/**
 * A {@code spiffe://} name from a certificate's URI SAN (protocol/01 section 3).
 *
 * @param trustDomain host part
 * @param path with leading slash, or empty for a CA
 */
public record SpiffeId(String trustDomain, String path) {
    public SpiffeId {
        Objects.requireNonNull(trustDomain, "trustDomain");
        Objects.requireNonNull(path, "path");
    }

    /** @throws IllegalArgumentException when the text is not a SPIFFE URI */
    public static SpiffeId parse(String uri) {
        URI parsed = URI.create(uri);
        if (!"spiffe".equals(parsed.getScheme()) || parsed.getHost() == null && parsed.getAuthority() == null) {
            throw new IllegalArgumentException("SPIFFE id '" + uri + "' (expected: spiffe://<trust domain>/<path>)");
        }
        return new SpiffeId(parsed.getAuthority(), parsed.getPath() == null ? "" : parsed.getPath());
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
