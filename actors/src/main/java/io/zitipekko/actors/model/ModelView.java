package io.zitipekko.actors.model;

import io.zitipekko.actors.policy.PolicyIndex;

/** One immutable state of the model. Read without locks, kept as long as wanted. */
public interface ModelView extends Entities {
    /** Strictly increasing, gap-free. */
    long index();

    /** Names this incarnation of the store; another one after a restore. Empty before the first change. */
    String timelineId();

    /** What policies allow in this state. */
    PolicyIndex policies();
}
