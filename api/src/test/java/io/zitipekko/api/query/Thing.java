package io.zitipekko.api.query;

import io.zitipekko.actors.model.ModelView;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record to filter. */
record Thing(
        String id,
        @Nullable String name,
        boolean admin,
        long cost,
        @Nullable Instant seen,
        List<String> roles,
        List<Thing> parts,
        Map<String, Object> tags) {

    static final SymbolTable<Thing> PARTS = symbols().build();
    static final SymbolTable<Thing> TABLE =
            symbols().linked("parts", (thing, view) -> thing.parts(), PARTS).build();

    /** Nothing of the tests looks into the model. */
    static final ModelView VIEW = (ModelView) Proxy.newProxyInstance(
            Thing.class.getClassLoader(), new Class<?>[] {ModelView.class}, (proxy, method, args) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    private static SymbolTable.Builder<Thing> symbols() {
        return SymbolTable.of(Thing::id)
                .string("name", Thing::name)
                .bool("isAdmin", Thing::admin)
                .integer("cost", Thing::cost)
                .datetime("seenAt", Thing::seen)
                .strings("roleAttributes", Thing::roles)
                .composite("owner.name", (thing, view) -> "owner-" + thing.id())
                .keyed("tags", Thing::tags);
    }

    static Thing of(String id, @Nullable String name) {
        return new Thing(id, name, false, 0, null, List.of(), List.of(), Map.of());
    }

    Thing admin(boolean value) {
        return new Thing(id, name, value, cost, seen, roles, parts, tags);
    }

    Thing cost(long value) {
        return new Thing(id, name, admin, value, seen, roles, parts, tags);
    }

    Thing seen(String value) {
        return new Thing(id, name, admin, cost, Instant.parse(value), roles, parts, tags);
    }

    Thing roles(String... values) {
        return new Thing(id, name, admin, cost, seen, List.of(values), parts, tags);
    }

    Thing parts(Thing... values) {
        return new Thing(id, name, admin, cost, seen, roles, List.of(values), tags);
    }

    Thing tag(String key, Object value) {
        return new Thing(id, name, admin, cost, seen, roles, parts, Map.of(key, value));
    }
}
