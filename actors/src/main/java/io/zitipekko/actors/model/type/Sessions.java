package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.SessionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Service sessions of legacy API sessions. protocol/05 section 9. */
public final class Sessions {
    public static final Key<Session> BY_API_SESSION =
            new Key<>("apiSessionId", session -> List.of(session.apiSessionId().value()));
    public static final Key<Session> BY_IDENTITY =
            new Key<>("identityId", session -> List.of(session.identityId().value()));
    public static final Key<Session> BY_SERVICE =
            new Key<>("serviceId", session -> List.of(session.serviceId().value()));

    public static final EntityType<Session> TYPE = EntityType.named("sessions", Session.class, SessionId::new)
            .reference(Reference.cascadeGradually(BY_API_SESSION, () -> ApiSessions.TYPE))
            .reference(Reference.cascadeGradually(BY_IDENTITY, () -> Identities.TYPE))
            .reference(Reference.cascadeGradually(BY_SERVICE, () -> Services.TYPE))
            .rules(Sessions::check)
            .build();

    private Sessions() {}

    private static void check(Session session, @Nullable Session before, Entities entities) {
        if (session.type() == null) {
            throw FieldRules.invalid("type", null, "expected Dial or Bind");
        }
    }
}
