package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelException.Kind;
import io.zitipekko.actors.model.Reference;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.id.AuthenticatorId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Authenticators. protocol/06 section 6.9. */
public final class Authenticators {
    /** By the certificate in force, and by one that a renewal has not proved yet. */
    public static final Key<Authenticator> BY_FINGERPRINT = new Key<>("fingerprint", Authenticators::fingerprints);

    public static final Key<Authenticator> BY_USERNAME = new Key<>("username", Authenticators::usernames);
    public static final Key<Authenticator> BY_IDENTITY = new Key<>(
            "identityId", authenticator -> List.of(authenticator.identityId().value()));

    public static final EntityType<Authenticator> TYPE = EntityType.named(
                    "authenticators", Authenticator.class, AuthenticatorId::new)
            .unique(BY_FINGERPRINT)
            .unique(BY_USERNAME)
            .reference(Reference.cascade(BY_IDENTITY, () -> Identities.TYPE))
            .rules(Authenticators::check)
            .build();

    private Authenticators() {}

    private static List<String> fingerprints(Authenticator authenticator) {
        List<String> fingerprints = new ArrayList<>(2);
        if (authenticator.credential() instanceof Authenticator.Certificate certificate) {
            fingerprints.add(certificate.fingerprint().hex());
            if (certificate.pendingFingerprint() != null
                    && !certificate.pendingFingerprint().equals(certificate.fingerprint())) {
                fingerprints.add(certificate.pendingFingerprint().hex());
            }
        }
        return fingerprints;
    }

    private static List<String> usernames(Authenticator authenticator) {
        return authenticator.credential() instanceof Authenticator.Password password
                ? List.of(password.username())
                : List.of();
    }

    private static void check(Authenticator authenticator, @Nullable Authenticator before, Entities entities) {
        if (authenticator.credential() == null) {
            throw FieldRules.invalid("method", null, "expected cert or updb");
        }
        if (before != null) {
            checkSame(authenticator, before);
        }
        if (authenticator.credential() instanceof Authenticator.Password password) {
            FieldRules.notBlank("username", password.username());
            FieldRules.notBlank("password", password.hash().isBlank() ? "" : "present");
        }
        Class<?> method = authenticator.credential().getClass();
        boolean another = entities
                .findAll(TYPE, BY_IDENTITY, authenticator.identityId().value())
                .stream()
                .anyMatch(other -> !other.id().equals(authenticator.id())
                        && other.credential().getClass() == method);
        if (another) {
            throw new ModelException(
                    Kind.NOT_UNIQUE,
                    "identity '" + authenticator.identityId() + "' has an authenticator of that method already",
                    "method",
                    authenticator.identityId().value());
        }
    }

    private static void checkSame(Authenticator authenticator, Authenticator before) {
        if (!authenticator.identityId().equals(before.identityId())) {
            throw FieldRules.invalid(
                    "identityId", authenticator.identityId(), "cannot be changed, it is '" + before.identityId() + "'");
        }
        if (authenticator.credential().getClass() != before.credential().getClass()) {
            throw FieldRules.invalid("method", authenticator.id(), "the method cannot be changed");
        }
    }
}
