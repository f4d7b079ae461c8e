package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.ApiSession;
import io.zitipekko.actors.model.ApiSessionId;
import io.zitipekko.actors.model.Ca;
import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelException.Kind;
import io.zitipekko.actors.model.Reference;
import java.util.List;
import java.util.Objects;
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

    /** By the third party's authority that it rests on. No reference: it does not hold that authority, nor go in the same change. */
    public static final Key<ApiSession> BY_CA = new Key<>(
            "caId",
            session ->
                    session.caId() == null ? List.of() : List.of(session.caId().value()));

    public static final EntityType<ApiSession> TYPE = EntityType.named(
                    "api-sessions", ApiSession.class, ApiSessionId::new)
            .unique(BY_TOKEN)
            .key(BY_CA)
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
        if (before != null && !Objects.equals(before.caId(), session.caId())) {
            throw FieldRules.invalid("caId", session.caId(), "cannot be changed, it is '" + before.caId() + "'");
        }
        // Whoever logged in while the authority was being withdrawn comes too late.
        if (session.caId() != null
                && entities.get(Cas.TYPE, session.caId())
                        .filter(Ca::admitsLogIn)
                        .isEmpty()) {
            throw new ModelException(
                    Kind.REFERENCE_NOT_FOUND,
                    "certificate authority '" + session.caId() + "' does not exist or admits no log-in",
                    "caId",
                    session.caId().value());
        }
    }
}
