package io.zitipekko.actors.model;

import java.util.List;

/** The one registration of every kind of entity, in the order in which a snapshot lists them. */
public final class EntityTypes {
    private EntityTypes() {}

    /** Filled in by the kinds' own files. */
    public static List<EntityType<?>> all() {
        return List.of();
    }
}
