package io.zitipekko.actors.log;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where decided changes become durable, and come back in one order on every member. Small on purpose, so that another store can stand
 * behind it. What comes back is applied by a {@link io.zitipekko.actors.log.entry.Replica}, snapshots and restarts included.
 */
public interface ModelLog extends AutoCloseable {
    /**
     * Appends one encoded {@link io.zitipekko.actors.log.entry.LogEntry}. Completes when it is durable on a majority and was applied
     * here. Fails with {@link ModelLogException} when this log can take nothing any more.
     */
    CompletionStage<Outcome> append(byte[] entry);

    /** The member that leads, as far as this one knows. */
    Optional<String> leader();

    /**
     * Whether all that was committed anywhere before this call was applied here when the answer came: asks the leader. False when there is
     * none, or it is not ready.
     */
    CompletionStage<Boolean> caughtUp();

    /** Frees everything. Blocks until it is done. */
    @Override
    void close();

    /** What became of an entry. */
    enum Outcome {
        /** Durable and applied. */
        APPLIED,
        /** Durable, but it did not follow the state: nothing was changed, on every member alike. */
        CONFLICT,
        /** Not taken by this member, or unknown: a later leader knows. */
        UNKNOWN
    }

    /** What a log tells its node. Called on the log's threads: must not block. */
    interface Listener {
        /** This member leads, and has applied everything that earlier leaders committed. */
        void leading();

        /** This member does not lead any more. */
        void notLeading();

        /** This member's log takes nothing any more. */
        void failed(ModelLogException reason);
    }
}
