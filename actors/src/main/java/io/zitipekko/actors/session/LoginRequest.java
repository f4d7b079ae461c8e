package io.zitipekko.actors.session;

import java.util.List;
import java.util.Map;

/**
 * What comes with every log-in beside the credential. protocol/05 section 5.1.
 *
 * @param configTypes ids, names or {@code all}; unknown ones are dropped
 * @param envInfo what the SDK says of its host
 * @param sdkInfo what the SDK says of itself
 * @param remoteAddress of the TCP connection
 */
public record LoginRequest(
        List<String> configTypes, Map<String, Object> envInfo, Map<String, Object> sdkInfo, String remoteAddress) {
    public LoginRequest {
        configTypes = List.copyOf(configTypes);
        envInfo = Map.copyOf(envInfo);
        sdkInfo = Map.copyOf(sdkInfo);
    }
}
