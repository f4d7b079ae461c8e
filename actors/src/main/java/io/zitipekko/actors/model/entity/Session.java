package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.SessionId;

/**
 * A service session of a legacy API session: the right to dial or bind one service. Its id is the {@code jti} of its token. protocol/05 section 9.
 *
 */
public record Session(
        SessionId id, Meta meta, ApiSessionId apiSessionId, IdentityId identityId, ServiceId serviceId, PolicyType type)
        implements Entity {}
