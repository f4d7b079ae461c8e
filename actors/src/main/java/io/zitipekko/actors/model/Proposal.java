package io.zitipekko.actors.model;

import java.util.List;
import java.util.Objects;

/**
 * A wish to change the model, all or nothing, validated by the single writer against the whole model.
 *
 * @param changes in order; later ones see earlier ones
 * @param author who wants it, for the audit
 */
public record Proposal(List<Change> changes, Author author) {
    public Proposal {
        changes = List.copyOf(changes);
        Objects.requireNonNull(author, "author");
    }

    /**
     * @param type {@code identity}, {@code router}, {@code controller}
     * @param id of the author
     * @param name for people
     */
    public record Author(String type, String id, String name) {
        /** The node itself, e.g. sweeping expired sessions. */
        public static final Author CONTROLLER = new Author("controller", "controller", "controller");
    }
}
