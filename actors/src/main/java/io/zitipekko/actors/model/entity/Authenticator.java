package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.IdentityId;

/**
 * A way for an identity to prove itself: a certificate or a user name with password. protocol/06 section 6.9.
 *
 * @param credential the secret part
 */
public record Authenticator(AuthenticatorId id, Meta meta, IdentityId identityId, Credential credential)
        implements Entity {
    /** What is compared. Never printed: {@code toString} hides hashes. */
    @com.fasterxml.jackson.annotation.JsonTypeInfo(
            use = com.fasterxml.jackson.annotation.JsonTypeInfo.Id.NAME,
            property = "method")
    @com.fasterxml.jackson.annotation.JsonSubTypes({
        @com.fasterxml.jackson.annotation.JsonSubTypes.Type(value = Certificate.class, name = "cert"),
        @com.fasterxml.jackson.annotation.JsonSubTypes.Type(value = Password.class, name = "updb")
    })
    public sealed interface Credential {}

    /**
     * @param fingerprint of the leaf; unique over all authenticators
     * @param pem the certificate, leaf first
     * @param issuedByNetwork signed by our enrolment authority, hence renewable
     * @param pendingFingerprint of a renewal that was not proved yet
     * @param pendingPem of that renewal
     */
    public record Certificate(
            io.zitipekko.transport.identity.Fingerprint fingerprint,
            String pem,
            boolean issuedByNetwork,
            io.zitipekko.transport.identity.@org.jspecify.annotations.Nullable Fingerprint pendingFingerprint,
            @org.jspecify.annotations.Nullable String pendingPem)
            implements Credential {}

    /**
     * @param username unique over all authenticators
     * @param salt base64
     * @param hash base64 of the Argon2id hash
     */
    public record Password(String username, String salt, String hash) implements Credential {
        @Override
        public String toString() {
            return "Password[" + username + ", ***]";
        }
    }
}
