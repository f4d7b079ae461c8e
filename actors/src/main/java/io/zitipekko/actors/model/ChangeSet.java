package io.zitipekko.actors.model;

import java.util.List;

/**
 * Changes that became part of the model together: outcomes, never commands. Applying one compares the base and puts the facts.
 *
 * @param baseIndex the model index that it follows
 * @param changes with cascades filled in; {@code expected} of a Put is not part of the stored form
 * @param author who wanted it
 */
public record ChangeSet(long baseIndex, List<Change> changes, Proposal.Author author) {
    public ChangeSet {
        changes = List.copyOf(changes);
    }

    /** The model index after it. */
    public long index() {
        return baseIndex + 1;
    }
}
