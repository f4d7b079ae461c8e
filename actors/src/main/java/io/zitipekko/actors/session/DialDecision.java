package io.zitipekko.actors.session;

import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.SessionId;

/** Whether a router may start a circuit, or keep a terminator, for a session. protocol/03 section 8.2, rows 2 to 4. */
public sealed interface DialDecision {
    /**
     * Yes, and this is who it is: derived from the tokens, never from what the router says.
     *
     * @param sessionId of the service session
     */
    record Allowed(ApiSession apiSession, Identity identity, Service service, SessionId sessionId)
            implements DialDecision {}

    /** No. {@code text} goes to the router with the code and the hint. */
    record Denied(Refusal refusal, String text) implements DialDecision {}

    /** OpenZiti's error codes (header 1014) and retry hints (header 18). */
    enum Refusal {
        INVALID_API_SESSION(2, 2),
        INVALID_SESSION(3, 2),
        WRONG_SESSION_TYPE(4, 2),
        INVALID_EDGE_ROUTER_FOR_SESSION(5, 2),
        INVALID_SERVICE(6, 3);

        private final int code;
        private final int retryHint;

        Refusal(int code, int retryHint) {
            this.code = code;
            this.retryHint = retryHint;
        }

        public int code() {
            return code;
        }

        public int retryHint() {
            return retryHint;
        }
    }
}
