package io.zitipekko.actors.model.entity;

/** How a terminator ranks: required before default before failed. The wire number is the ordinal (protocol/03 section 4.1). */
public enum Precedence {
    DEFAULT,
    REQUIRED,
    FAILED
}
