package io.zitipekko.api.http;

import java.util.List;
import java.util.UUID;

/**
 * What the APIs say of the controller they belong to.
 *
 * @param version with its {@code v}, e.g. {@code v2.1.0}
 * @param revision of the source
 * @param buildDate {@code 2026-11-22 09:00:00}
 * @param edgeApiAddress host:port that enrolled clients are told, and the issuer of tokens
 * @param advertisedAddresses host:port of every bind point; the first is {@code edgeApiAddress}
 * @param capabilities only {@code OIDC_AUTH} and {@code HA_CONTROLLER} may stand here: the Java SDK refuses others
 * @param instanceId random for each process
 */
public record ApiSettings(
        String version,
        String revision,
        String buildDate,
        String edgeApiAddress,
        List<String> advertisedAddresses,
        List<String> capabilities,
        String instanceId,
        HttpLimits limits) {
    public ApiSettings {
        advertisedAddresses = List.copyOf(advertisedAddresses);
        capabilities = List.copyOf(capabilities);
    }

    /** A single controller behind one address. */
    public static ApiSettings of(String version, String edgeApiAddress) {
        return new ApiSettings(
                version,
                "unknown",
                "unknown",
                edgeApiAddress,
                List.of(edgeApiAddress),
                List.of(),
                UUID.randomUUID().toString(),
                HttpLimits.DEFAULT);
    }
}
