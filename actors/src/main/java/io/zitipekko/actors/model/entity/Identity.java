package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.AuthPolicyId;
import io.zitipekko.actors.model.id.IdentityId;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Someone or something that may authenticate: an SDK, a tunneler, an administrator, or the twin of a router with a tunneler. protocol/06 section 6.1.
 *
 * @param name unique
 * @param type {@code Default} or {@code Router}
 * @param externalId unique when set
 * @param serviceHostingCosts by service id
 * @param serviceHostingPrecedences by service id
 * @param serviceConfigs overrides: service id to (config type id to config id)
 * @param disabledAt null: enabled
 * @param disabledUntil null with disabledAt set: until enabled by hand
 * @param envInfo as the SDK last reported
 * @param sdkInfo as the SDK last reported
 */
public record Identity(
        IdentityId id,
        Meta meta,
        String name,
        String type,
        boolean admin,
        boolean defaultAdmin,
        Set<String> roleAttributes,
        @Nullable String externalId,
        AuthPolicyId authPolicyId,
        Map<String, Object> appData,
        Precedence defaultHostingPrecedence,
        int defaultHostingCost,
        Map<String, Integer> serviceHostingCosts,
        Map<String, Precedence> serviceHostingPrecedences,
        Map<String, Map<String, String>> serviceConfigs,
        @Nullable Instant disabledAt,
        @Nullable Instant disabledUntil,
        Map<String, Object> envInfo,
        Map<String, Object> sdkInfo,
        Set<String> permissions)
        implements Entity {
    public Identity {
        roleAttributes = Immutable.attributes(roleAttributes);
        appData = Immutable.map(appData);
        defaultHostingPrecedence = defaultHostingPrecedence == null ? Precedence.DEFAULT : defaultHostingPrecedence;
        serviceHostingCosts = Immutable.map(serviceHostingCosts);
        serviceHostingPrecedences = Immutable.map(serviceHostingPrecedences);
        serviceConfigs = Immutable.nested(serviceConfigs);
        envInfo = Immutable.map(envInfo);
        sdkInfo = Immutable.map(sdkInfo);
        permissions = Immutable.attributes(permissions);
    }

    /** Whether the identity may not be used at this moment. */
    public boolean disabled(Instant now) {
        return disabledAt != null && (disabledUntil == null || now.isBefore(disabledUntil));
    }

    /** The same, disabled from {@code at}; {@code until} null: until enabled by hand. Both null: enabled. */
    public Identity withDisabled(@Nullable Instant at, @Nullable Instant until) {
        return with(at, until, envInfo, sdkInfo);
    }

    /** The same, with what its SDK last said of its host and of itself. */
    public Identity withInfo(Map<String, Object> newEnvInfo, Map<String, Object> newSdkInfo) {
        return with(disabledAt, disabledUntil, newEnvInfo, newSdkInfo);
    }

    private Identity with(
            @Nullable Instant newDisabledAt,
            @Nullable Instant newDisabledUntil,
            Map<String, Object> newEnvInfo,
            Map<String, Object> newSdkInfo) {
        return new Identity(
                id,
                meta,
                name,
                type,
                admin,
                defaultAdmin,
                roleAttributes,
                externalId,
                authPolicyId,
                appData,
                defaultHostingPrecedence,
                defaultHostingCost,
                serviceHostingCosts,
                serviceHostingPrecedences,
                serviceConfigs,
                newDisabledAt,
                newDisabledUntil,
                newEnvInfo,
                newSdkInfo,
                permissions);
    }
}
