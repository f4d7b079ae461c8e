package io.zitipekko.api.query;

/** The type of a symbol, which decides what it may be compared with. */
public enum ValueType {
    BOOL,
    STRING,
    INTEGER,
    FLOAT,
    DATETIME,
    /** Values of tags and other free maps: the literal decides. */
    ANY
}
