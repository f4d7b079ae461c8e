package io.zitipekko.actors.router.forwarder;

import io.zitipekko.transport.xgress.XgressAddress;

/**
 * A link as the forwarder sees it. {@link Destination#offer} sends payloads and controls on the default lane and acknowledgements on
 * the high lane of its channel.
 */
public interface LinkPort extends Destination {
    /** The link id. */
    XgressAddress address();

    /** Stops taking messages off the link; counted (see {@link io.zitipekko.transport.channel.Channel#pauseReading}). */
    void pauseReading();

    /** Undoes one {@link #pauseReading}. */
    void resumeReading();
}
