package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelException.Kind;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.entity.ClaimedId;
import io.zitipekko.actors.model.id.ApiSessionId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Legacy API sessions. protocol/05 section 5. */
public final class ApiSessions {
    public static final Key<ApiSession> BY_TOKEN = new Key<>("token", session -> List.of(session.token()));
    public static final Key<ApiSession> BY_IDENTITY =
            new Key<>("identityId", session -> List.of(session.identityId().value()));
    /** What was opened with an authenticator ends with it. */
    public static final Key<ApiSession> BY_AUTHENTICATOR = new Key<>(
            "authenticatorId",
            session -> session.authenticatorId() == null || session.claimed() != null
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

    /**
     * False once the third party's authority that its certificate was issued by is gone or admits no log-in any more; and, of one that was
     * opened by an external id, once that authority claims otherwise or the identity has another.
     */
    public static boolean admitted(Entities entities, ApiSession session) {
        if (session.caId() == null) {
            // Only an authority's certificate claims an external id.
            return session.claimed() == null;
        }
        Optional<Ca> ca = entities.get(Cas.TYPE, session.caId()).filter(Ca::admitsLogIn);
        ClaimedId claimed = session.claimed();
        return ca.isPresent()
                && (claimed == null
                        || claimed.claim().equals(ca.get().externalIdClaim())
                                && entities.get(Identities.TYPE, session.identityId())
                                        .filter(identity -> claimed.externalId().equals(identity.externalId()))
                                        .isPresent());
    }

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
        if (before != null && !Objects.equals(before.claimed(), session.claimed())) {
            throw FieldRules.invalid("claimed", session.claimed(), "cannot be changed, it is " + before.claimed());
        }
        if (session.claimed() != null && session.caId() == null) {
            throw FieldRules.invalid("claimed", session.claimed(), "expected none without an authority that claims");
        }
        // Whoever logged in while the authority was being withdrawn, or the external id taken away, comes too late.
        if (session.caId() != null && !admitted(entities, session)) {
            throw new ModelException(
                    Kind.REFERENCE_NOT_FOUND,
                    "certificate authority '" + session.caId() + "' does not exist or does not admit identity '"
                            + session.identityId() + "'",
                    "caId",
                    session.caId().value());
        }
    }
}
