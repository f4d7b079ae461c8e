package io.zitipekko.api.entity;

import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Semantic;
import java.util.Map;

/** Enumerations as JSON spells them. */
public final class Words {
    public static final Map<String, Semantic> SEMANTICS = Map.of("AllOf", Semantic.ALL_OF, "AnyOf", Semantic.ANY_OF);
    public static final Map<String, PolicyType> POLICY_TYPES = Map.of("Dial", PolicyType.DIAL, "Bind", PolicyType.BIND);
    public static final Map<String, Precedence> PRECEDENCES =
            Map.of("default", Precedence.DEFAULT, "required", Precedence.REQUIRED, "failed", Precedence.FAILED);

    private Words() {}

    public static String of(Semantic semantic) {
        return semantic == Semantic.ALL_OF ? "AllOf" : "AnyOf";
    }

    public static String of(PolicyType type) {
        return type == PolicyType.DIAL ? "Dial" : "Bind";
    }

    public static String of(Precedence precedence) {
        return switch (precedence) {
            case DEFAULT -> "default";
            case REQUIRED -> "required";
            case FAILED -> "failed";
        };
    }
}
