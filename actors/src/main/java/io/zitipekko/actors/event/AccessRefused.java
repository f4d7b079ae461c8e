package io.zitipekko.actors.event;

import java.time.Instant;

/**
 * The audit of refusals: someone asked for what is not theirs.
 *
 * @param eventType where, e.g. {@code control.hello}, {@code circuit}, {@code terminator}, {@code authentication}
 * @param subject who, as far as proved, e.g. {@code router r1}
 * @param object what was asked for
 * @param reason why not
 */
public record AccessRefused(Instant at, String eventType, String subject, String object, String reason)
        implements Event {
    @Override
    public String namespace() {
        return "access.refused";
    }
}
