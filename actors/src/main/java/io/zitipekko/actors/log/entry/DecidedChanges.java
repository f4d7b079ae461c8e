package io.zitipekko.actors.log.entry;

import io.zitipekko.actors.log.CallId;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Proposal;
import java.util.List;

/**
 * What the writer made of one proposal.
 *
 * @param call names the proposal
 * @param author who wanted it
 * @param changes outcomes, in order
 */
public record DecidedChanges(CallId call, Proposal.Author author, List<Change> changes) {
    public DecidedChanges {
        changes = List.copyOf(changes);
    }

    /** The stored form. */
    public byte[] encoded() {
        return ModelCodec.encodeSet(this);
    }
}
