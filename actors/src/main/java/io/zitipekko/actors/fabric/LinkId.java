package io.zitipekko.actors.fabric;

import io.zitipekko.actors.model.id.EntityId;

/** Names one link: chosen by the router that dialed it and kept over its redials (protocol/03 section 9.3). */
public record LinkId(String value) {
    public LinkId {
        EntityId.check(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
