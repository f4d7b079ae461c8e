package io.zitipekko.api.management.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.management.entity.Fields;
import io.zitipekko.api.management.entity.RoleFilter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Lists of roles: read, shown with names, resolved to what they select. protocol/06 section 5.1. */
final class RoleLists {
    private RoleLists() {}

    /** Sorted, each entry once; what they may be is checked by the model. */
    static <P extends Entity> List<String> read(Fields<P> fields, String name, Function<P, List<String>> current) {
        return List.copyOf(new TreeSet<>(fields.texts(name, current)));
    }

    /** Adds {@code <name>} and {@code <name>Display}. */
    static <E extends Entity> void describe(
            ObjectNode out,
            String name,
            List<String> roles,
            EntityType<E> type,
            Function<E, String> nameOf,
            ModelView view) {
        out.set(name, Shapes.texts(roles));
        ArrayNode display = Json.array();
        for (String role : roles) {
            if (role.startsWith("@")) {
                view.get(type, type.idOf().apply(role.substring(1))).ifPresent(entity -> display.addObject()
                        .put("name", "@" + nameOf.apply(entity))
                        .put("role", role));
            } else {
                display.addObject().put("name", role).put("role", role);
            }
        }
        out.set(name + "Display", display);
    }

    /** The entities that a role list selects, in id order. */
    static <E extends Entity> Collection<E> selected(
            List<String> roles,
            Semantic semantic,
            EntityType<E> type,
            Function<E, Set<String>> attributesOf,
            ModelView view) {
        if (roles.isEmpty()) {
            return List.of();
        }
        RoleFilter filter = RoleFilter.of(roles, semantic);
        return view.all(type).stream()
                .filter(entity -> filter.matches(entity.id().value(), attributesOf.apply(entity)))
                .toList();
    }
}
