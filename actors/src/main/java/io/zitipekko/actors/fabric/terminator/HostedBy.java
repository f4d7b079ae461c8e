package io.zitipekko.actors.fabric.terminator;

import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.SessionId;

/**
 * By which sessions an SDK hosts a terminator: it ends with either of them.
 *
 * @param apiSession of the host
 * @param session the service session that was bound with
 */
public record HostedBy(ApiSessionId apiSession, SessionId session) {}
