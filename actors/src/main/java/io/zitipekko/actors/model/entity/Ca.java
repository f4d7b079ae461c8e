package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.transport.identity.Fingerprint;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else's certificate authority, whose certificates identities may prove themselves with. protocol/06 section 6.8.
 *
 * @param name unique
 * @param fingerprint of its certificate; unique, never changes
 * @param certPem its certificate first; only that one is an anchor, what follows is what it rests on
 * @param verified somebody has shown that they hold its key
 * @param verificationToken the common name of the certificate that shows it
 * @param authEnabled its certificates log in
 * @param ottEnrollmentEnabled its certificates enrol identities that exist already, with a token
 * @param autoEnrollmentEnabled its certificates make identities
 * @param identityRoles of identities that it makes
 * @param identityNameFormat of their names
 * @param externalIdClaim where its certificates name the identity that they are for; null when they do not
 */
public record Ca(
        CaId id,
        Meta meta,
        String name,
        Fingerprint fingerprint,
        String certPem,
        boolean verified,
        String verificationToken,
        boolean authEnabled,
        boolean ottEnrollmentEnabled,
        boolean autoEnrollmentEnabled,
        Set<String> identityRoles,
        String identityNameFormat,
        @Nullable ExternalIdClaim externalIdClaim)
        implements Entity {
    /** The form of names unless another is asked for. */
    public static final String DEFAULT_NAME_FORMAT = "[caName]-[commonName]";

    public Ca {
        identityRoles = Immutable.attributes(identityRoles);
    }

    /** Whether who holds one of its certificates may be logged in. */
    public boolean admitsLogIn() {
        return verified && authEnabled;
    }

    /** The same, its key having been shown. */
    public Ca withVerified(Meta touched) {
        return new Ca(
                id,
                touched,
                name,
                fingerprint,
                certPem,
                true,
                verificationToken,
                authEnabled,
                ottEnrollmentEnabled,
                autoEnrollmentEnabled,
                identityRoles,
                identityNameFormat,
                externalIdClaim);
    }
}
