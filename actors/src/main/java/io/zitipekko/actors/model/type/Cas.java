package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.ModelException.Kind;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.entity.ExternalIdClaim;
import io.zitipekko.actors.model.id.CaId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Third parties' certificate authorities. protocol/06 section 6.8. What they carry points at them without standing in their way: one can be
 * withdrawn in a small change, however much it carries, and from then on it carries nothing.
 */
public final class Cas {
    public static final Key<Ca> BY_NAME = new Key<>("name", ca -> FieldRules.optional(ca.name()));
    /** Named after the field that a refusal blames. */
    public static final Key<Ca> BY_FINGERPRINT =
            new Key<>("certPem", ca -> List.of(ca.fingerprint().hex()));

    public static final EntityType<Ca> TYPE = EntityType.named("cas", Ca.class, CaId::new)
            .unique(BY_NAME)
            .unique(BY_FINGERPRINT)
            .rules(Cas::check)
            .build();

    private static final int MAX_TEXT = 4096;

    private Cas() {}

    private static void check(Ca ca, @Nullable Ca before, Entities entities) {
        FieldRules.name(ca.name());
        FieldRules.notBlank("certPem", ca.certPem());
        FieldRules.notBlank("verificationToken", ca.verificationToken());
        FieldRules.attributes("identityRoles", ca.identityRoles());
        FieldRules.notBlank("identityNameFormat", ca.identityNameFormat());
        shortEnough("identityNameFormat", ca.identityNameFormat());
        if (ca.externalIdClaim() != null) {
            checkClaim(ca.externalIdClaim());
        }
        if (before != null) {
            checkSame(ca, before);
            checkEndedBeforeAdmitted(ca, before, entities);
            checkEndedBeforeClaimed(ca, before, entities);
        }
    }

    /** What was withdrawn ends a moment later. It counts for nothing until then, and must not come to count again. */
    private static void checkEndedBeforeAdmitted(Ca ca, Ca before, Entities entities) {
        if (ca.admitsLogIn()
                && !before.admitsLogIn()
                && !entities.findAll(
                                ApiSessions.TYPE, ApiSessions.BY_CA, ca.id().value())
                        .isEmpty()) {
            throw new ModelException(
                    Kind.CONFLICT,
                    "certificate authority '" + ca.id()
                            + "' cannot admit log-ins yet: the sessions under it are still being ended",
                    "isAuthEnabled",
                    true);
        }
    }

    private static void checkEndedBeforeClaimed(Ca ca, Ca before, Entities entities) {
        if (ca.externalIdClaim() != null
                && !ca.externalIdClaim().equals(before.externalIdClaim())
                && entities.findAll(ApiSessions.TYPE, ApiSessions.BY_CA, ca.id().value()).stream()
                        .map(ApiSession::claimed)
                        .anyMatch(claimed -> claimed != null && claimed.claim().equals(ca.externalIdClaim()))) {
            throw new ModelException(
                    Kind.CONFLICT,
                    "certificate authority '" + ca.id()
                            + "' cannot claim so again yet: the sessions that it had are still being ended",
                    "externalIdClaim",
                    ca.externalIdClaim());
        }
    }

    private static void checkClaim(ExternalIdClaim claim) {
        if (claim.location() == null || claim.matcher() == null || claim.parser() == null) {
            throw FieldRules.invalid("externalIdClaim", claim, "expected a location, a matcher and a parser");
        }
        shortEnough("externalIdClaim.matcherCriteria", claim.matcherCriteria());
        shortEnough("externalIdClaim.parserCriteria", claim.parserCriteria());
        if (claim.index() < 0) {
            throw FieldRules.invalid("externalIdClaim.index", claim.index(), "expected 0 or more");
        }
    }

    private static void shortEnough(String field, @Nullable String text) {
        if (text == null || text.length() > MAX_TEXT) {
            throw FieldRules.invalid(field, text, "expected a text of at most " + MAX_TEXT + " characters");
        }
    }

    /** Another certificate is another authority: nothing that was proved of the one holds for the other. */
    private static void checkSame(Ca ca, Ca before) {
        if (!ca.fingerprint().equals(before.fingerprint()) || !ca.certPem().equals(before.certPem())) {
            throw FieldRules.invalid("certPem", ca.fingerprint(), "cannot be changed, it is " + before.fingerprint());
        }
        if (!ca.verificationToken().equals(before.verificationToken())) {
            throw FieldRules.invalid("verificationToken", ca.verificationToken(), "cannot be changed");
        }
        if (before.verified() && !ca.verified()) {
            throw FieldRules.invalid("isVerified", false, "what was shown once stays shown");
        }
    }
}
