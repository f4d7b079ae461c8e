package io.zitipekko.actors.log;

/** What controllers say to each other about the model; serialized by {@link io.zitipekko.actors.log.artery.PeerMessageSerializer}. */
public interface PeerMessage {}
