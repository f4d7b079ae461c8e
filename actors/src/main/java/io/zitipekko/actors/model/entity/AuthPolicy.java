package io.zitipekko.actors.model.entity;

import io.zitipekko.actors.model.id.AuthPolicyId;

/**
 * How identities may log in. Only the built-in {@code default} exists yet. protocol/06 section 6.11.
 *
 * @param name unique
 * @param updbMaxAttempts 0: unlimited
 * @param updbLockoutMinutes 0: until enabled by hand
 */
public record AuthPolicy(
        AuthPolicyId id,
        Meta meta,
        String name,
        boolean certAllowed,
        boolean certAllowExpired,
        boolean updbAllowed,
        int updbMinPasswordLength,
        int updbMaxAttempts,
        int updbLockoutMinutes)
        implements Entity {}
