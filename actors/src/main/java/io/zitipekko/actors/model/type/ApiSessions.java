package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.ApiSession;
import io.zitipekko.actors.model.ApiSessionId;
import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Legacy API sessions. protocol/05 section 5. */
public final class ApiSessions {
    public static final Key<ApiSession> BY_TOKEN = new Key<>("token", session -> List.of(session.token()));
    public static final Key<ApiSession> BY_IDENTITY =
            new Key<>("identityId", session -> List.of(session.identityId().value()));
    /** What was opened with an authenticator ends with it. */
    public static final Key<ApiSession> BY_AUTHENTICATOR = new Key<>(
            "authenticatorId",
            session -> session.authenticatorId() == null
                    ? List.of()
                    : List.of(session.authenticatorId().value()));

    public static final EntityType<ApiSession> TYPE = EntityType.named(
                    "api-sessions", ApiSession.class, ApiSessionId::new)
            .unique(BY_TOKEN)
            .reference(Reference.cascadeGradually(BY_IDENTITY, () -> Identities.TYPE))
            .reference(Reference.cascadeGradually(BY_AUTHENTICATOR, () -> Authenticators.TYPE))
            .rules(ApiSessions::check)
            .build();

    private ApiSessions() {}

    private static void check(ApiSession session, @Nullable ApiSession before, Entities entities) {
        if (session.token() == null || session.token().isBlank()) {
            throw FieldRules.invalid("token", "", "expected a text that is not blank");
        }
        if (before != null && !before.identityId().equals(session.identityId())) {
            throw FieldRules.invalid(
                    "identityId", session.identityId(), "cannot be changed, it is '" + before.identityId() + "'");
        }
    }
}
