package io.zitipekko.actors.enrollment;

import java.time.Duration;
import java.util.List;

/**
 * How enrolment is offered.
 *
 * @param identityTokens how long a token for an identity lasts
 * @param routerTokens how long a token for a router lasts
 * @param controlAddresses where routers find controllers, e.g. {@code tls:ctrl.example.com:6262}
 */
public record EnrollmentSettings(Duration identityTokens, Duration routerTokens, List<String> controlAddresses) {
    public static final Duration DEFAULT_TOKEN_LIFETIME = Duration.ofMinutes(180);

    public EnrollmentSettings {
        controlAddresses = List.copyOf(controlAddresses);
    }

    /** With the default lifetimes. */
    public static EnrollmentSettings of(List<String> controlAddresses) {
        return new EnrollmentSettings(DEFAULT_TOKEN_LIFETIME, DEFAULT_TOKEN_LIFETIME, controlAddresses);
    }
}
