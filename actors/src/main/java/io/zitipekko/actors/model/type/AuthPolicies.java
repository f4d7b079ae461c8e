package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.Entities;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.EntityType.Key;
import io.zitipekko.actors.model.entity.AuthPolicy;
import io.zitipekko.actors.model.id.AuthPolicyId;
import org.jspecify.annotations.Nullable;

/** Authentication policies. protocol/06 section 6.11. */
public final class AuthPolicies {
    public static final AuthPolicyId DEFAULT = new AuthPolicyId("default");
    public static final Key<AuthPolicy> BY_NAME = new Key<>("name", policy -> FieldRules.optional(policy.name()));

    public static final EntityType<AuthPolicy> TYPE = EntityType.named(
                    "auth-policies", AuthPolicy.class, AuthPolicyId::new)
            .unique(BY_NAME)
            .rules(new AuthPolicyRules())
            .build();

    private static final int MIN_PASSWORD_LENGTH = 5;

    private AuthPolicies() {}

    private static final class AuthPolicyRules implements EntityType.Rules<AuthPolicy> {
        @Override
        public void check(AuthPolicy policy, @Nullable AuthPolicy before, Entities entities) {
            FieldRules.name(policy.name());
            if (policy.updbMinPasswordLength() < MIN_PASSWORD_LENGTH) {
                throw FieldRules.invalid(
                        "primary.updb.minPasswordLength",
                        policy.updbMinPasswordLength(),
                        "expected at least " + MIN_PASSWORD_LENGTH);
            }
            if (policy.updbMaxAttempts() < 0 || policy.updbLockoutMinutes() < 0) {
                throw FieldRules.invalid(
                        policy.updbMaxAttempts() < 0
                                ? "primary.updb.maxAttempts"
                                : "primary.updb.lockoutDurationMinutes",
                        Math.min(policy.updbMaxAttempts(), policy.updbLockoutMinutes()),
                        "expected 0 or more");
            }
        }

        /** The built-in policy may be tuned, but never goes. */
        @Override
        public void checkAllowed(AuthPolicy policy, @Nullable AuthPolicy after, Entities entities) {
            if (after == null) {
                EntityType.Rules.super.checkAllowed(policy, null, entities);
            }
        }
    }
}
