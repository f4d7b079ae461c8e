package io.zitipekko.actors.session;

import io.zitipekko.actors.enrollment.EnrollmentSettings;
import io.zitipekko.actors.identity.NetworkAuthority;
import io.zitipekko.actors.session.token.SigningKey;
import io.zitipekko.actors.session.token.TrustedKeys;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What sessions and enrolment are told at start.
 *
 * @param timeout an API session without activity ends after this
 * @param edgeApiAddress host:port, the issuer of tokens
 * @param signingKey of the certificate that serves {@code edgeApiAddress}; asked at each use
 * @param trustedKeys whose tokens are believed
 * @param authority whose certificates log in, and what signs new ones
 * @param enrollment how long enrolment tokens last
 */
public record SessionSettings(
        Duration timeout,
        String edgeApiAddress,
        Supplier<SigningKey> signingKey,
        TrustedKeys trustedKeys,
        NetworkAuthority authority,
        EnrollmentSettings enrollment) {
    public SessionSettings {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("API session timeout: " + timeout + " (expected: more than nothing)");
        }
    }
}
