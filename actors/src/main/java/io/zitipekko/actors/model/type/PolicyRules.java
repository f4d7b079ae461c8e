package io.zitipekko.actors.model.type;

import io.zitipekko.actors.model.ModelException;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.policy.RoleExpression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the three kinds of policies share. */
final class PolicyRules {
    private PolicyRules() {}

    static void check(@Nullable String name, @Nullable Semantic semantic) {
        FieldRules.name(name);
        if (semantic == null) {
            throw FieldRules.invalid("semantic", null, "expected AllOf or AnyOf");
        }
    }

    /** That {@code roles} is a list of role expressions; that what they name exists is a matter of references. */
    static void checkRoles(String field, List<String> roles) {
        for (String role : roles) {
            RoleExpression expression;
            try {
                expression = RoleExpression.parse(role);
            } catch (IllegalArgumentException e) {
                throw new ModelException(ModelException.Kind.INVALID, e.getMessage(), field, role);
            }
            if (expression instanceof RoleExpression.All && roles.size() > 1) {
                throw FieldRules.invalid(field, role, "must be the only entry of its list");
            }
        }
    }

    /** The ids that {@code roles} name. */
    static List<String> ids(List<String> roles) {
        return roles.stream()
                .filter(role -> role.startsWith("@") && role.length() > 1)
                .map(role -> role.substring(1))
                .toList();
    }

    static List<String> without(List<String> roles, EntityId id) {
        return roles.stream().filter(role -> !role.equals("@" + id.value())).toList();
    }
}
