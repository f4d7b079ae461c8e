package io.zitipekko.actors.event;

import java.time.Instant;

/**
 * The audit of refusals: someone asked for what is not theirs. Refused log-ins are {@link AuthenticationEvent}s.
 *
 * @param door where it was asked for
 * @param subject who, as far as proved, e.g. {@code router r1}
 * @param from the peer's address, {@code host:port}; empty when it is not known here
 * @param object what was asked for
 * @param reason why not; holds no secret
 */
public record AccessRefused(Instant at, Door door, String subject, String from, String object, String reason)
        implements Event {
    /** Where something is asked for. */
    public enum Door {
        /** A connection, in its TLS handshake: no protocol has spoken yet. */
        CONNECTION,
        /** An HTTP call without the session or the right that it needs. */
        API,
        /** A certificate for whoever holds a one-time token. */
        ENROLLMENT,
        /** A session that would let an identity dial or host a service. */
        SERVICE,
        /** A router's control connection. */
        CONTROL,
        /** A circuit for one of its SDKs, asked for by a router. */
        CIRCUIT,
        /** A router's terminator. */
        TERMINATOR
    }

    @Override
    public String namespace() {
        return "accessRefused";
    }

    @Override
    public String eventType() {
        return door.name().toLowerCase(java.util.Locale.ROOT);
    }
}
