package io.zitipekko.actors.session;

/** How a log-in ended. */
public sealed interface AuthenticationResult {
    /** The identity proved itself; the session is durable. */
    record Authenticated(AuthenticatedSession session) implements AuthenticationResult {}

    /**
     * Refused. Towards the caller every refusal looks the same (401 {@code INVALID_AUTH}).
     *
     * @param reason for the log and the audit only; holds no secret
     */
    record Refused(String reason) implements AuthenticationResult {}

    /** More log-ins are under way than this controller takes: 429, try later. */
    record Busy() implements AuthenticationResult {}
}
