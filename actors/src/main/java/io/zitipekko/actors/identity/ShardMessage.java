package io.zitipekko.actors.identity;

/** Marks messages that may travel between the members of the cluster (as CBOR, bound in {@code ziti-sessions.conf}). */
public interface ShardMessage {}
