package io.zitipekko.actors.session;

import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.RouterId;

/**
 * Decides whether a router may start a circuit or hold a terminator for an SDK: both tokens must be good, belong together and be of the
 * type, the policy must still allow it, and the router must be one that identity and service may use (protocol/03 section 8.2, rows 2 to 4).
 * Reads only; answers in microseconds. Thread-safe.
 */
public interface DialAuthorizer {
    /**
     * @param apiSessionToken as the router received it in the SDK's hello
     * @param serviceSessionToken as the SDK sent it in Connect or Bind
     * @param type what is asked for
     * @param router the one that asks, known from its channel
     */
    DialDecision decide(String apiSessionToken, String serviceSessionToken, PolicyType type, RouterId router);

    /**
     * Whether what was allowed a moment ago is allowed still. All is asked again but what cannot change: the tokens were good.
     *
     * @param type and {@code router} of the decision
     */
    DialDecision confirm(DialDecision.Allowed allowed, PolicyType type, RouterId router);
}
