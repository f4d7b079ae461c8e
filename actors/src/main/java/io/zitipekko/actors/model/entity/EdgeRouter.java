package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.transport.identity.Fingerprint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A router that may serve SDKs. protocol/06 section 6.4.
 *
 * @param name unique over all routers
 * @param cost 0..65535
 * @param configs of types that target routers
 * @param ctrlChanListeners address to groups
 * @param verified enrolled
 * @param fingerprint of its client leaf; null until enrolled
 * @param unverifiedFingerprint of a renewal that was not proved yet
 */
public record EdgeRouter(
        RouterId id,
        Meta meta,
        String name,
        Set<String> roleAttributes,
        boolean tunnelerEnabled,
        int cost,
        boolean noTraversal,
        boolean disabled,
        Map<String, Object> appData,
        List<ConfigId> configs,
        Map<String, List<String>> ctrlChanListeners,
        boolean verified,
        @Nullable Fingerprint fingerprint,
        @Nullable String certPem,
        @Nullable Fingerprint unverifiedFingerprint,
        @Nullable String unverifiedCertPem)
        implements Entity {
    public EdgeRouter {
        roleAttributes = Immutable.attributes(roleAttributes);
        appData = Immutable.map(appData);
        configs = Immutable.list(configs);
        ctrlChanListeners = Immutable.map(ctrlChanListeners);
    }

    /** Whether it is enrolled and not disabled: nothing of a router counts for which this is false. */
    public boolean trusted() {
        return fingerprint != null && !disabled;
    }

    /** The same, enrolled with this certificate; a renewal that was not proved yet is over. */
    public EdgeRouter withCertificate(Fingerprint leaf, String pem, Instant now) {
        return with(now, true, leaf, pem, null, null);
    }

    /** The same, with a renewal that waits for its proof. */
    public EdgeRouter withUnverifiedCertificate(Fingerprint leaf, String pem, Instant now) {
        return with(now, verified, fingerprint, certPem, leaf, pem);
    }

    private EdgeRouter with(
            Instant now,
            boolean newVerified,
            @Nullable Fingerprint newFingerprint,
            @Nullable String newCertPem,
            @Nullable Fingerprint newUnverified,
            @Nullable String newUnverifiedPem) {
        return new EdgeRouter(
                id,
                meta.touched(now),
                name,
                roleAttributes,
                tunnelerEnabled,
                cost,
                noTraversal,
                disabled,
                appData,
                configs,
                ctrlChanListeners,
                newVerified,
                newFingerprint,
                newCertPem,
                newUnverified,
                newUnverifiedPem);
    }
}
