package io.zitipekko.actors.model.id;

import org.jspecify.annotations.Nullable;

/** The id of an entity: 1 to 255 characters, never blank. Each kind of entity has its own type, so that ids cannot be mixed up. */
public interface EntityId {
    int MAX_LENGTH = 255;

    String value();

    /** Whether a text, of whatever origin, can be an id. */
    static boolean isPossible(@Nullable String value) {
        return value != null && !value.isBlank() && value.length() <= MAX_LENGTH;
    }

    /** @throws IllegalArgumentException for a text that cannot be an id */
    static void check(String value) {
        if (!isPossible(value)) {
            throw new IllegalArgumentException(
                    "id '" + value + "' (expected: 1 to " + MAX_LENGTH + " characters, not blank)");
        }
    }
}
