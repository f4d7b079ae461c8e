package io.zitipekko.api.entity;

import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.api.query.SymbolTable;

/** Symbols that every entity has. protocol/06 section 2.4. */
public final class Symbols {
    private Symbols() {}

    public static <E extends Entity> SymbolTable.Builder<E> base() {
        return SymbolTable.<E>of(entity -> entity.id().value())
                .datetime("createdAt", entity -> entity.meta().createdAt())
                .datetime("updatedAt", entity -> entity.meta().updatedAt())
                .keyed("tags", entity -> entity.meta().tags())
                .bool("isSystem", entity -> entity.meta().system());
    }
}
