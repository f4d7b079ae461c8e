package io.zitipekko.actors.policy.index;

import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The posture checks, and which of them each service policy selects. Immutable. */
final class PostureSelections {
    static final PostureSelections NONE = new PostureSelections(Members.NONE, PolicySide.EMPTY);

    private final Members checks;
    private final PolicySide policies;

    private PostureSelections(Members checks, PolicySide policies) {
        this.checks = checks;
        this.policies = policies;
    }

    /** @param attributes null when the check is deleted */
    PostureSelections checkChanged(EntityId id, @Nullable Set<String> attributes) {
        Members.Member before = checks.get(id.value());
        if (attributes == null) {
            return before == null
                    ? this
                    : new PostureSelections(checks.remove(before), policies.memberChanged(before, null));
        }
        if (before != null && before.attributes().equals(attributes)) {
            return this;
        }
        Members changed = checks.put(id, attributes);
        return new PostureSelections(changed, policies.memberChanged(before, changed.get(id.value())));
    }

    /** @param roles null when the policy is deleted */
    PostureSelections policyChanged(String policy, @Nullable RoleList roles) {
        return new PostureSelections(
                checks, roles == null ? policies.remove(policy) : policies.put(policy, roles, checks));
    }

    Set<PostureCheckId> of(String policy) {
        PolicySide.Selection selection = policies.of(policy);
        return selection == null ? Set.of() : new MemberSet<>(checks, selection.among(checks), PostureCheckId.class);
    }

    /** The policies that select the check. */
    List<String> selecting(String check) {
        Members.Member member = checks.get(check);
        return member == null ? List.of() : policies.selecting(member);
    }

    /** Whether the policy selects none. */
    boolean free(String policy) {
        PolicySide.Selection selection = policies.of(policy);
        return selection == null || selection.among(checks).isEmpty();
    }
}
