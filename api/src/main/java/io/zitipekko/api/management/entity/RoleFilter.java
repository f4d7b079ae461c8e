package io.zitipekko.api.management.entity;

import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.policy.RoleExpression;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.query.Query;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** Matches entities against lists of roles: those of policies, and {@code roleFilter} of lists. protocol/06 sections 2.5 and 5.1. */
public final class RoleFilter {
    private final Set<String> ids = new HashSet<>();
    private final Set<String> attributes = new HashSet<>();
    private final Semantic semantic;
    private boolean all;

    private RoleFilter(Collection<String> roles, Semantic semantic) {
        this.semantic = semantic;
        for (String role : roles) {
            RoleExpression expression = RoleExpression.parse(role);
            if (expression instanceof RoleExpression.All) {
                all = true;
            } else if (expression instanceof RoleExpression.Id id) {
                ids.add(id.id());
            } else if (expression instanceof RoleExpression.Attribute attribute) {
                attributes.add(attribute.name());
            }
        }
    }

    /** @throws IllegalArgumentException for a text that is no role */
    public static RoleFilter of(Collection<String> roles, Semantic semantic) {
        return new RoleFilter(roles, semantic);
    }

    /** Explicit ids match whatever the semantic; a list without attributes matches nothing beyond its ids. */
    public boolean matches(String id, Set<String> held) {
        if (all || ids.contains(id)) {
            return true;
        }
        if (attributes.isEmpty()) {
            return false;
        }
        return semantic == Semantic.ALL_OF
                ? held.containsAll(attributes)
                : attributes.stream().anyMatch(held::contains);
    }

    /** Narrows a list by the request's {@code roleFilter} and {@code roleSemantic}, if it has any. */
    public static <E extends Entity> Query<E> narrow(
            Query<E> query, RequestContext request, Function<E, Set<String>> attributesOf) {
        List<String> roles = request.parameters("roleFilter");
        if (roles.isEmpty()) {
            return query;
        }
        RoleFilter filter;
        try {
            filter = of(roles, semantic(request.parameter("roleSemantic").orElse("AllOf")));
        } catch (IllegalArgumentException e) {
            throw ApiErrors.couldNotValidate("roleFilter", String.valueOf(e.getMessage()), String.join(",", roles));
        }
        return query.and((entity, view) -> filter.matches(entity.id().value(), attributesOf.apply(entity)));
    }

    private static Semantic semantic(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "allof" -> Semantic.ALL_OF;
            case "anyof" -> Semantic.ANY_OF;
            default -> throw ApiErrors.couldNotValidate("semantic", "should be one of [AllOf AnyOf]", text);
        };
    }
}
