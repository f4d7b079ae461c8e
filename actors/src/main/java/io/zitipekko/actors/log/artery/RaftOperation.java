package io.zitipekko.actors.log.artery;

/** What members ask of each other. The wire number is the ordinal. */
public enum RaftOperation {
    REQUEST_VOTE,
    APPEND_ENTRIES,
    INSTALL_SNAPSHOT,
    START_ELECTION,
    READ_INDEX
}
